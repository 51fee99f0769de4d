"""Why a certificate or a sign-on is refused: one sentence for each cause."""

from __future__ import annotations

from counter_tui.errors import CounterError


class CertificateRefused(CounterError):
    """证书不能用于登录，请联系证书管理员"""


class CertificateUnreadable(CertificateRefused):
    """证书无法读取，请更换证书介质"""


class OldVersion(CertificateRefused):
    """证书版本过旧，无法核对用途，请联系证书管理员换发"""


class KeyAlgorithmRefused(CertificateRefused):
    """证书密钥算法 {algorithm} 不被允许，请联系证书管理员换发"""


class KeyTooShort(CertificateRefused):
    """证书密钥只有 {bits} 位，不足 {least} 位，请联系证书管理员换发"""


class KeyInvalid(CertificateRefused):
    """证书中的公钥无效，请更换证书介质并联系证书管理员换发"""


class KeyTooLong(CertificateRefused):
    """证书密钥有 {bits} 位，超过 {most} 位，请联系证书管理员换发"""


class ExponentRefused(CertificateRefused):
    """证书密钥的公开指数 {exponent} 太小，不安全，请联系证书管理员换发"""


class NumberRefused(CertificateRefused):
    """证书号码为零、为负或过长，请联系证书管理员换发"""


class SubjectMissing(CertificateRefused):
    """证书没有持有人名称，请联系证书管理员换发"""


class AlgorithmsDiffer(CertificateRefused):
    """证书内外写的签名算法不一致，可能被改动，请停止使用并报告管理员"""


class SignatureAlgorithmRefused(CertificateRefused):
    """证书的签名算法 {algorithm} 不安全，请联系证书管理员换发"""


class KeyOfOtherSuite(CertificateRefused):
    """本机构使用{suite}，不能用 {algorithm} 证书登录，请插入本机构发放的 USB Key"""


class SignatureOfOtherSuite(CertificateRefused):
    """本机构使用{suite}，证书却由 {algorithm} 签名，请联系证书管理员换发"""


class SelfSigned(CertificateRefused):
    """证书由持有人自行签发，不被信任，请插入本机构发放的 USB Key"""


class IssuerUnknown(CertificateRefused):
    """证书签发机构「{issuer}」不是本机构认可的机构，请插入本机构发放的 USB Key"""


class IssuedByRoot(CertificateRefused):
    """证书由根证书「{root}」直接签发，没有经过签发机构，不能用于登录，请联系证书管理员换发"""


class OtherBureau(CertificateRefused):
    """证书是「{organisation}」发放的，不是本机构的，请插入本机构发放的 USB Key"""


class IssuerForged(CertificateRefused):
    """证书自称由「{issuer}」签发但签名不符，请停止使用并报告管理员"""


class IssuerOutOfDate(CertificateRefused):
    """签发机构「{issuer}」的证书不在有效期内，请联系管理员更新"""


class NotYetValid(CertificateRefused):
    """证书 {since} 起才生效，请核对本机日期或联系证书管理员"""


class Expired(CertificateRefused):
    """证书已于 {until} 到期，请联系证书管理员换发"""


class DatesReversed(CertificateRefused):
    """证书的到期日早于生效日，请联系证书管理员换发"""


class IsAuthority(CertificateRefused):
    """这是签发机构的证书，不能用于柜员登录"""


class ExtensionsUnreadable(CertificateRefused):
    """证书扩展项有重复或错误，请联系证书管理员换发"""


class UnknownExtension(CertificateRefused):
    """证书含有无法识别的关键扩展 {oid}，请联系证书管理员"""


class KeyUsageMissing(CertificateRefused):
    """证书没有注明密钥用途，请联系证书管理员换发"""


class MayNotSign(CertificateRefused):
    """证书密钥不允许用于签名，请插入签名证书所在的介质"""


class MayIssue(CertificateRefused):
    """证书密钥带有签发证书的用途，不能用于柜员登录"""


class MayRevoke(CertificateRefused):
    """证书密钥带有签发吊销列表的用途，不能用于柜员登录"""


class RulesOfAuthority(CertificateRefused):
    """证书含有只有签发机构才能用的扩展 {oid}，不能用于柜员登录"""


class IssuerKeyMissing(CertificateRefused):
    """证书没有注明签发机构的密钥标识，请联系证书管理员换发"""


class IssuerKeyOther(CertificateRefused):
    """证书注明的签发机构密钥与实际签发的密钥不同，请联系证书管理员换发"""


class OutsideIssuersNames(CertificateRefused):
    """签发机构「{issuer}」只获准给规定范围内的名称签发，此证书不在其内，请联系证书管理员"""


class IssuerOtherPurpose(CertificateRefused):
    """签发机构「{issuer}」的证书不准签发登录证书，请联系管理员核对所配的签发机构"""


class PurposeMissing(CertificateRefused):
    """证书没有注明扩展用途，请联系证书管理员换发"""


class AnyPurpose(CertificateRefused):
    """证书扩展用途为「任意」，不能用于柜员登录，请联系证书管理员换发"""


class WrongPurpose(CertificateRefused):
    """证书不是用于身份登录的证书，请插入登录证书所在的介质"""


class HolderMissing(CertificateRefused):
    """证书缺少持有人标识，请联系证书管理员换发"""


class IssuerMayNotIssue(CertificateRefused):
    """证书的上级证书不允许签发证书，请报告管理员"""


class PathRefused(CertificateRefused):
    """证书未通过签发路径校验，请联系证书管理员"""


class DecisionOfAnother(CertificateRefused):
    """介质中的签名证书与登录证书不是同一持有人的，请更换介质并报告管理员"""


class NotRegistered(CertificateRefused):
    """此证书未在本机构登记，请联系管理员办理登记"""


class GrantNotInForce(CertificateRefused):
    """工号 {number} 的岗位授权不在有效期内，请联系主管办理"""


class GrantSuspended(CertificateRefused):
    """工号 {number} 已停用，请由主管申请恢复"""

    number: str


class RegistrationRevoked(CertificateRefused):
    """工号 {number} 登记的证书已吊销，请由主管申请换证"""

    number: str


class Revoked(CertificateRefused):
    """证书已于 {since} 被吊销，请联系证书管理员"""


class ClockBehind(CounterError):
    """本机时间 {now} 早于吊销列表的签发时间 {seen}，请管理员校准本机时间后再登录"""


class RevocationListRefused(CounterError):
    """吊销列表不能使用，仍用原来的列表，请联系管理员"""


class ListUnreadable(RevocationListRefused):
    """收到的吊销列表已损坏或不完整，没有采用，仍用原来的列表，请管理员查看发布处"""


class ListOfAnother(RevocationListRefused):
    """收到的吊销列表是「{issuer}」的，不是认可的签发机构的，没有采用，请管理员核对 revocations 的设置"""


class ListForged(RevocationListRefused):
    """收到的吊销列表自称是「{issuer}」的但签名不符，可能被改动，没有采用，请管理员停止使用该来源并报告"""


class ListPartial(RevocationListRefused):
    """收到的吊销列表只是其中一部分（{extension}），没有采用，请管理员改设为完整列表的地址"""


class ListWentBack(RevocationListRefused):
    """收到的吊销列表（{made_at}）比已有的（{known}）还旧，没有采用，请管理员查看发布处"""


class ListFromFuture(RevocationListRefused):
    """收到的吊销列表签发于 {made_at}，晚于本机时间，没有采用，请管理员核对本机时间"""


class ListNotFetched(CounterError):
    """没有取到吊销列表（{location}：{why}），请管理员检查网络和发布处"""

    location: str
    why: str


class ChallengeUsed(CounterError):
    """本次登录请求已用过或不属于本窗口，请重新输入 PIN"""


class ChallengeExpired(CounterError):
    """登录超过 {seconds} 秒未完成，请重新输入 PIN"""


class StopAtTwo(CounterError):
    """PIN 还可尝试 {left} 次，请拔出介质后重新插入，确认提示后再输入"""

    left: int


class LastTryKept(CounterError):
    """PIN 只剩最后一次机会，本机不再尝试，请联系证书管理员解锁"""


class LastPukTryKept(CounterError):
    """解锁码（PUK）只剩最后一次机会，本机不再尝试，请联系证书管理员"""


class ProofRefused(CounterError):
    """介质的签名与证书不符，请更换介质并报告管理员"""


class OtherKey(CounterError):
    """插入的不是登录时使用的证书介质，请插入本人的 USB Key"""


class AnotherOperator(CounterError):
    """插入的不是柜员 {number} {name} 的证书介质，请由本人插入 USB Key 后输入 PIN"""

    number: str
    name: str


class SignOnEnded(CounterError):
    """登录已结束，请插入证书介质重新登录"""


class SignOnForged(CounterError):
    """登录凭据的签名不符，操作已拒收，请重新登录"""


class SignOnElsewhere(CounterError):
    """登录凭据属于另一机构、另一主机或另一模式，操作已拒收，请在本机重新登录"""


class SignOnOtherSuite(CounterError):
    """本机构使用{suite}，登录凭据的密钥不属于它，操作已拒收，请在本机重新登录"""


class SignOnNotInForce(CounterError):
    """登录凭据在操作当时不在有效期内，操作已拒收，请重新登录"""
