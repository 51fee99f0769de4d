/*
 * A PKCS#11 module in front of another one (REAL), for tests: what it passes on can be counted, held, refused or gone.
 *
 * The function list is a version and 68 pointers; every function takes up to eight words and gives one back, which is
 * all that is needed to stand between on the 64-bit systems that the tests run on.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

typedef unsigned long word;
typedef word (*function)(word, word, word, word, word, word, word, word);
enum { FUNCTIONS = 68, FINALIZE = 1, GET_SLOT_LIST = 4, CLOSE_ALL_SESSIONS = 14 };
enum { DEVICE_REMOVED = 0x32 };
typedef struct { unsigned char version[2]; function functions[FUNCTIONS]; } list;

static list *real;
static list own;
static atomic_long left = -1, held, waiting, calls, refused = -1, code;

void rig_remove_after(int calls_left) { left = calls_left; }
void rig_answer(int which, word with) { refused = which; code = (long)with; }
void rig_hold(int on) { held = on; }
int rig_waiting(void) { return (int)waiting; }
int rig_calls(void) { return (int)calls; }

/* A token that is pulled takes its sessions with it. */
static void pull(void) {
    word slots[16], count = 16;
    if (real->functions[GET_SLOT_LIST](1, (word)slots, (word)&count, 0, 0, 0, 0, 0)) return;
    for (word at = 0; at < count; at++) real->functions[CLOSE_ALL_SESSIONS](slots[at], 0, 0, 0, 0, 0, 0, 0);
}

static word passed(int which, word a, word b, word c, word d, word e, word f, word g, word h) {
    calls++;
    waiting++;
    while (held) usleep(1000);
    waiting--;
    if (left == 0 && which > FINALIZE) pull();
    if (left == 0 && which == GET_SLOT_LIST && a) { *(word *)c = 0; return 0; }
    if (left == 0 && which > FINALIZE && which != GET_SLOT_LIST) return DEVICE_REMOVED;
    if (left > 0 && which > FINALIZE) left--;
    if (which == refused) return (word)code;
    return real->functions[which](a, b, c, d, e, f, g, h);
}

#define F(n) static word f##n(word a, word b, word c, word d, word e, word f, word g, word h) { return passed(n, a, b, c, d, e, f, g, h); }
#define TEN(M, t) M(t##0) M(t##1) M(t##2) M(t##3) M(t##4) M(t##5) M(t##6) M(t##7) M(t##8) M(t##9)
#define ALL(M) M(0) M(1) M(2) M(3) M(4) M(5) M(6) M(7) M(8) M(9) TEN(M, 1) TEN(M, 2) TEN(M, 3) TEN(M, 4) TEN(M, 5) \
    M(60) M(61) M(62) M(63) M(64) M(65) M(66) M(67)
ALL(F)
#define NAME(n) f##n,

word C_GetFunctionList(list **functions) {
    static const function wrapped[FUNCTIONS] = { ALL(NAME) };
    void *module = dlopen(REAL, RTLD_NOW | RTLD_LOCAL);
    word (*get)(list **) = module ? (word (*)(list **))dlsym(module, "C_GetFunctionList") : NULL;
    if (!get || get(&real)) return 5;
    own.version[0] = real->version[0];
    own.version[1] = real->version[1];
    for (int at = 0; at < FUNCTIONS; at++) own.functions[at] = wrapped[at];
    *functions = &own;
    return 0;
}
