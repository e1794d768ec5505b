// What a system call leaves of the registers: its number and its arguments, when it begins and when it ends.
//
// The layout is that of struct pt_regs, of which programs may rely on the beginning as debuggers do
// (arch/*/include/uapi/asm/ptrace.h), and of arm64 on the two words behind, which have not moved since 4.2.

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

#endif

// Whether they are there and those of a 64-bit program.
static __always_inline int read_registers(struct registers *into, u64 from) {
    return !bpf_probe_read_kernel(into, sizeof *into, (void *)(from + BEFORE)) && IS_NATIVE(into);
}
