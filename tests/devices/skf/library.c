/*
 * An SKF library (GM/T 0016-2012) over a folder, for tests: what operators' keys need, and really signing.
 *
 * Beside the library lies `devices`; every name below it is a name of the library, in whatever bytes it has:
 *
 *     devices/DEVICE/serial                      serial number
 *     devices/DEVICE/absent                      as long as it is there, the device is not
 *     devices/DEVICE/APPLICATION/pins            user's PIN, tries left, most tries; the same of the administrator
 *     devices/DEVICE/APPLICATION/CONTAINER/      sign.key (PEM) and sign.cer (DER), either may be missing
 *
 * ULONG_BYTES is 4 or 8, as vendors differ. Functions named rig_… are no part of the standard: they break it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <libgen.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#if ULONG_BYTES == 8
typedef uint64_t ULONG;
#else
typedef uint32_t ULONG;
#endif
typedef int BOOL;
typedef unsigned char BYTE;
typedef char *LPSTR;
typedef void *HANDLE;

enum {
    FAIL = 0x0A000001, INVALID_HANDLE = 0x0A000005, INVALID_PARAMETER = 0x0A000006, KEY_NOT_FOUND = 0x0A00001B,
    CERTIFICATE_NOT_FOUND = 0x0A00001C, BUFFER_TOO_SMALL = 0x0A000020, REMOVED = 0x0A000023, PIN_INCORRECT,
    PIN_LOCKED, PIN_INVALID, PIN_LENGTH, NOT_LOGGED_IN = 0x0A00002D, NO_APPLICATION = 0x0A00002E
};
enum { PIN_LEAST = 6, PIN_MOST = 16 };

typedef struct { BYTE r[64], s[64]; } ECCSIGNATUREBLOB;
typedef struct { BYTE major, minor; } VERSION;
typedef struct {
    VERSION version;
    char manufacturer[64], issuer[64], label[32], serial[32];
    VERSION hardware, firmware;
    ULONG symmetric, asymmetric, hashes, authentication, total, free, most_ecc, most;
    BYTE reserved[64];
} __attribute__((packed)) DEVINFO;

typedef struct opened {
    char path[PATH_MAX];
    struct opened *parent;
    int verified;
} Opened;

/* Rigging: what a test makes go wrong. */
static struct { char function[64]; uint32_t code; uint64_t size; } rigged;
static atomic_int left = -1, held, waiting, calls;

void rig_remove_after(int calls_left) { left = calls_left; }
void rig_answer(const char *function, uint32_t code, uint64_t size) {
    snprintf(rigged.function, sizeof rigged.function, "%s", function);
    rigged.code = code;
    rigged.size = size;
}
void rig_hold(int on) { held = on; }
int rig_waiting(void) { return waiting; }
int rig_calls(void) { return calls; }

static int removed_now(void) { return left == 0; }

static ULONG entered(const char *function) {
    calls++;
    waiting++;
    while (held) usleep(1000);
    waiting--;
    if (removed_now()) return REMOVED;
    if (left > 0) left--;
    return strcmp(rigged.function, function) ? 0 : rigged.code;
}
#define ENTER do { ULONG rigged_code = entered(__func__); if (rigged_code) return rigged_code; } while (0)

static uint64_t told(const char *function, uint64_t size) {
    return rigged.size && !strcmp(rigged.function, function) ? rigged.size : size;
}

/* The folder. */
static void folder(char *path) {
    Dl_info here;
    char own[PATH_MAX];
    dladdr((void *)folder, &here);
    snprintf(own, sizeof own, "%s", here.dli_fname);
    snprintf(path, PATH_MAX, "%s/devices", dirname(own));
}

static int there(const char *parent, const char *name) {
    char path[PATH_MAX * 2];
    snprintf(path, sizeof path, "%s/%s", parent, name);
    return access(path, F_OK) == 0;
}

static int is_folder(const char *parent, const char *name) {
    char path[PATH_MAX * 2];
    struct stat found;
    snprintf(path, sizeof path, "%s/%s", parent, name);
    return name[0] != '.' && stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* A list of names, each ended by a zero, the list by another. */
static ULONG list(const char *function, const char *path, int plugged_only, char *names, ULONG *size) {
    char all[4096], *found[64];
    size_t count = 0, length = 0;
    DIR *open = opendir(path);
    for (struct dirent *each; open && (each = readdir(open)) && count < 64;) {
        char sub[PATH_MAX * 2];
        snprintf(sub, sizeof sub, "%s/%s", path, each->d_name);
        if (is_folder(path, each->d_name) && !(plugged_only && there(sub, "absent")))
            found[count++] = strdup(each->d_name);
    }
    if (open) closedir(open);
    qsort(found, count, sizeof *found, by_name);
    for (size_t at = 0; at < count; at++) {
        length += (size_t)sprintf(all + length, "%s", found[at]) + 1;
        free(found[at]);
    }
    all[length++] = 0;
    if (names && *size < length) return BUFFER_TOO_SMALL;
    if (names) memcpy(names, all, length);
    *size = (ULONG)told(function, length);
    return 0;
}

static size_t content(const char *parent, const char *name, BYTE *room, size_t most) {
    char path[PATH_MAX * 2];
    snprintf(path, sizeof path, "%s/%s", parent, name);
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(room, 1, most, file) : 0;
    if (file) fclose(file);
    return length;
}

static const Opened *device_of(const Opened *of) {
    while (of->parent) of = of->parent;
    return of;
}

static int gone(const Opened *of) { return !of || !there(device_of(of)->path, "serial") || there(device_of(of)->path, "absent"); }

static ULONG open_below(Opened *parent, const char *path, const char *name, HANDLE *handle, ULONG missing) {
    if (!is_folder(path, name)) return missing;
    Opened *made = calloc(1, sizeof *made);
    snprintf(made->path, PATH_MAX, "%.2000s/%.255s", path, name);
    made->parent = parent;
    *handle = made;
    return 0;
}
#define OPEN(handle) do { if (!(handle)) return INVALID_HANDLE; if (gone(handle)) return REMOVED; } while (0)

/* PINs. */
typedef struct { char pin[64]; int left, most; } Pin;

static void read_pins(const Opened *application, Pin pins[2]) {
    char text[512] = {0};
    content(application->path, "pins", (BYTE *)text, sizeof text - 1);
    sscanf(text, "%63s %d %d %63s %d %d", pins[0].pin, &pins[0].left, &pins[0].most, pins[1].pin, &pins[1].left, &pins[1].most);
}

static void write_pins(const Opened *application, const Pin pins[2]) {
    char path[PATH_MAX * 2];
    snprintf(path, sizeof path, "%s/pins", application->path);
    FILE *file = fopen(path, "w");
    for (int at = 0; at < 2; at++) fprintf(file, "%s %d %d\n", pins[at].pin, pins[at].left, pins[at].most);
    fclose(file);
}

static ULONG tried(Pin *pin, const char *typed, ULONG *tries) {
    if (!pin->left) { *tries = 0; return PIN_LOCKED; }
    int right = !strcmp(pin->pin, typed);
    pin->left = right ? pin->most : pin->left - 1;
    *tries = (ULONG)pin->left;
    return right ? 0 : pin->left ? PIN_INCORRECT : PIN_LOCKED;
}

static ULONG unfit(const char *pin) {
    size_t length = strlen(pin);
    if (length < PIN_LEAST || length > PIN_MOST) return PIN_LENGTH;
    return strspn(pin, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == length ? 0 : PIN_INVALID;
}

/* Devices. */
ULONG SKF_EnumDev(BOOL present, LPSTR names, ULONG *size) {
    char path[PATH_MAX];
    ENTER;
    folder(path);
    return list(__func__, path, present, names, size);
}

ULONG SKF_GetDevState(LPSTR name, ULONG *state) {
    char path[PATH_MAX];
    if (removed_now()) { *state = 0; return 0; }
    ENTER;
    folder(path);
    Opened device = {0};
    snprintf(device.path, PATH_MAX, "%.2000s/%.255s", path, name);
    *state = gone(&device) ? 0 : 1;
    return 0;
}

ULONG SKF_ConnectDev(LPSTR name, HANDLE *device) {
    char path[PATH_MAX];
    ENTER;
    folder(path);
    ULONG code = open_below(NULL, path, name, device, REMOVED);
    return code ? code : gone(*device) ? REMOVED : 0;
}

ULONG SKF_DisConnectDev(HANDLE device) { ENTER; free(device); return 0; }

ULONG SKF_GetDevInfo(HANDLE device, DEVINFO *info) {
    ENTER;
    OPEN(device);
    memset(info, 0, sizeof *info);
    strcpy(info->label, "test");
    content(((Opened *)device)->path, "serial", (BYTE *)info->serial, sizeof info->serial);
    return 0;
}

/* Applications and containers. */
ULONG SKF_EnumApplication(HANDLE device, LPSTR names, ULONG *size) {
    ENTER;
    OPEN(device);
    return list(__func__, ((Opened *)device)->path, 0, names, size);
}

ULONG SKF_OpenApplication(HANDLE device, LPSTR name, HANDLE *application) {
    ENTER;
    OPEN(device);
    return open_below(device, ((Opened *)device)->path, name, application, NO_APPLICATION);
}

ULONG SKF_ClearSecureState(HANDLE application) { ENTER; OPEN(application); ((Opened *)application)->verified = 0; return 0; }
ULONG SKF_CloseApplication(HANDLE application) { ENTER; free(application); return 0; }

ULONG SKF_EnumContainer(HANDLE application, LPSTR names, ULONG *size) {
    ENTER;
    OPEN(application);
    return list(__func__, ((Opened *)application)->path, 0, names, size);
}

ULONG SKF_OpenContainer(HANDLE application, LPSTR name, HANDLE *container) {
    ENTER;
    OPEN(application);
    return open_below(application, ((Opened *)application)->path, name, container, FAIL);
}

ULONG SKF_CloseContainer(HANDLE container) { ENTER; free(container); return 0; }

static EVP_PKEY *signing_key(const Opened *container) {
    char path[PATH_MAX * 2];
    snprintf(path, sizeof path, "%s/sign.key", container->path);
    FILE *file = fopen(path, "r");
    EVP_PKEY *key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
    if (file) fclose(file);
    return key;
}

ULONG SKF_GetContainerType(HANDLE container, ULONG *type) {
    ENTER;
    OPEN(container);
    EVP_PKEY *key = signing_key(container);
    *type = (ULONG)told(__func__, !key ? 0 : EVP_PKEY_is_a(key, "RSA") ? 1 : 2);
    EVP_PKEY_free(key);
    return 0;
}

ULONG SKF_ExportCertificate(HANDLE container, BOOL signing, BYTE *certificate, ULONG *size) {
    BYTE room[8192];
    ENTER;
    OPEN(container);
    size_t length = signing ? content(((Opened *)container)->path, "sign.cer", room, sizeof room) : 0;
    if (!length) return CERTIFICATE_NOT_FOUND;
    if (certificate && *size < length) return BUFFER_TOO_SMALL;
    if (certificate) memcpy(certificate, room, length);
    *size = (ULONG)told(__func__, length);
    return 0;
}

/* PINs of an application. */
ULONG SKF_GetPINInfo(HANDLE application, ULONG type, ULONG *most, ULONG *remaining, BOOL *unchanged) {
    Pin pins[2] = {0};
    ENTER;
    OPEN(application);
    if (type > 1) return INVALID_PARAMETER;
    read_pins(application, pins);
    *most = (ULONG)pins[1 - type].most;
    *remaining = (ULONG)told(__func__, (uint64_t)pins[1 - type].left);
    *unchanged = 0;
    return 0;
}

ULONG SKF_VerifyPIN(HANDLE application, ULONG type, LPSTR pin, ULONG *tries) {
    Pin pins[2] = {0};
    ENTER;
    OPEN(application);
    if (type > 1) return INVALID_PARAMETER;
    read_pins(application, pins);
    ULONG code = tried(&pins[1 - type], pin, tries);
    write_pins(application, pins);
    ((Opened *)application)->verified = !code;
    return code;
}

ULONG SKF_ChangePIN(HANDLE application, ULONG type, LPSTR before, LPSTR after, ULONG *tries) {
    Pin pins[2] = {0};
    ULONG code;
    ENTER;
    OPEN(application);
    if (type > 1) return INVALID_PARAMETER;
    if ((code = unfit(after))) return code;
    read_pins(application, pins);
    if (!(code = tried(&pins[1 - type], before, tries))) strcpy(pins[1 - type].pin, after);
    write_pins(application, pins);
    return code;
}

ULONG SKF_UnblockPIN(HANDLE application, LPSTR administrator, LPSTR after, ULONG *tries) {
    Pin pins[2] = {0};
    ULONG code;
    ENTER;
    OPEN(application);
    if ((code = unfit(after))) return code;
    read_pins(application, pins);
    if (!(code = tried(&pins[1], administrator, tries))) {
        strcpy(pins[0].pin, after);
        pins[0].left = pins[0].most;
    }
    write_pins(application, pins);
    return code;
}

/* Signatures. */
static size_t signature(EVP_PKEY *key, const BYTE *data, ULONG length, BYTE *room, size_t size) {
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    int rsa = EVP_PKEY_is_a(key, "RSA");
    int good = EVP_PKEY_sign_init(context) > 0 && (!rsa || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0)
               && EVP_PKEY_sign(context, room, &size, data, length) > 0;
    EVP_PKEY_CTX_free(context);
    return good ? size : 0;
}

ULONG SKF_ECCSignData(HANDLE container, BYTE *digest, ULONG length, ECCSIGNATUREBLOB *blob) {
    BYTE der[256];
    const BYTE *at = der;
    ENTER;
    OPEN(container);
    if (!((Opened *)container)->parent->verified) return NOT_LOGGED_IN;
    EVP_PKEY *key = signing_key(container);
    if (!key) return KEY_NOT_FOUND;
    size_t size = length == 32 ? signature(key, digest, length, der, sizeof der) : 0;
    EVP_PKEY_free(key);
    ECDSA_SIG *numbers = size ? d2i_ECDSA_SIG(NULL, &at, (long)size) : NULL;
    if (!numbers) return FAIL;
    BN_bn2binpad(ECDSA_SIG_get0_r(numbers), blob->r, sizeof blob->r);
    BN_bn2binpad(ECDSA_SIG_get0_s(numbers), blob->s, sizeof blob->s);
    ECDSA_SIG_free(numbers);
    return 0;
}

ULONG SKF_RSASignData(HANDLE container, BYTE *data, ULONG length, BYTE *block, ULONG *size) {
    ENTER;
    OPEN(container);
    if (!((Opened *)container)->parent->verified) return NOT_LOGGED_IN;
    EVP_PKEY *key = signing_key(container);
    if (!key) return KEY_NOT_FOUND;
    *size = (ULONG)told(__func__, signature(key, data, length, block, *size));
    EVP_PKEY_free(key);
    return *size ? 0 : FAIL;
}
