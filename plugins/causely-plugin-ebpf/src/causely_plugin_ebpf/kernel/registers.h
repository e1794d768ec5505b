// What a system call leaves of the registers: its number and its arguments, when it begins and when it ends.
//
// The layout is that of struct pt_regs, of which programs may rely on the beginning as debuggers do
// (arch/*/include/uapi/asm/ptrace.h), and of arm64 on the two words behind, which have not moved since 4.2.
//
// At functions of Go's, those are named that have the current goroutine, the first arguments or results, and the stack
// (src/cmd/compile/abi-internal.md of Go).

#if defined(__x86_64__)

struct registers {
    u64 r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs;
};
#define BEFORE (7 * sizeof(u64))
#define IS_NATIVE(registers) ((u16)(registers)->cs == 0x33)  // else a 32-bit program, whose calls have other numbers
#define NUMBER(registers) ((registers)->orig_ax)
#define FIRST(registers) ((registers)->di)
#define SECOND(registers) ((registers)->si)
#define THIRD(registers) ((registers)->dx)
#define FIFTH(registers) ((registers)->r8)
#define GOROUTINE_AT (1 * sizeof(u64))     // r14
#define GO_CURRENT(ctx) ((ctx)->r14)
#define GO_FIRST(ctx) ((ctx)->ax)
#define GO_SECOND(ctx) ((ctx)->bx)
#define GO_THIRD(ctx) ((ctx)->cx)
#define GO_STACK(ctx) ((ctx)->sp)

#elif defined(__aarch64__)

struct registers {
    u64 x[31], sp, pc, pstate, first;
    s32 number;
    u32 unused;
};
#define BEFORE 0
#define IS_NATIVE(registers) (!((registers)->pstate & 0x10))
#define NUMBER(registers) ((registers)->number)
#define FIRST(registers) ((registers)->first)
#define SECOND(registers) ((registers)->x[1])
#define THIRD(registers) ((registers)->x[2])
#define FIFTH(registers) ((registers)->x[4])
#define GOROUTINE_AT (28 * sizeof(u64))    // x28
#define GO_CURRENT(ctx) ((ctx)->regs[28])
#define GO_FIRST(ctx) ((ctx)->regs[0])
#define GO_SECOND(ctx) ((ctx)->regs[1])
#define GO_THIRD(ctx) ((ctx)->regs[2])
#define GO_STACK(ctx) ((ctx)->sp)

#endif

// Whether they are there and those of a 64-bit program.
static __always_inline int read_registers(struct registers *into, u64 from) {
    return !bpf_probe_read_kernel(into, sizeof *into, (void *)(from + BEFORE)) && IS_NATIVE(into);
}

// The current goroutine, if it is a Go program that has made the system call.
static __always_inline u64 goroutine_at(u64 registers) {
    u64 found = 0;
    bpf_probe_read_kernel(&found, sizeof found, (void *)(registers + GOROUTINE_AT));
    return found;
}
