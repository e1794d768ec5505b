// What processes wait for and what the kernel does to them: contended locks, disks, deaths, and where processors are busy.
//
// Nothing is sent: all is counted in tables that the agent reads every few seconds. No structure of the kernel is looked
// into; tasks are told apart by their addresses. The agent says which tracepoints there are (resources/probe.py).

#include <asm/unistd.h>
#include <uapi/linux/bpf_perf_event.h>
#include <uapi/linux/futex.h>

#include "programs.h"
#include "registers.h"

// --- Locks: threads that sleep in futex(2) for a word that says "locked, and somebody waits".

#define SET_WHEN_LOADED 1         // the agent makes this map as large as it is configured
#define CONTENDED 2               // of glibc's, Rust's and Go's locks
#define WAITERS 0x80000000        // with the holder's thread id, or 16: of musl's locks, and of glibc's robust ones
#define LARGEST_ID (1 << 22)      // PID_MAX_LIMIT of 64-bit kernels (linux/threads.h)
#define OWN_FRAMES 1024           // bytes from the stack pointer in which musl's conditions keep their words

#if defined(__x86_64__)
#define CALL_NUMBER 120           // where struct pt_regs has what (asm/ptrace.h)
#define STACK_POINTER 152
#define TIMEOUT(registers) ((registers)->r10)
#define IN_CALL(registers) ((s64)(registers)->ax == -38)  // -ENOSYS until the call has its result
#elif defined(__aarch64__)
#define CALL_NUMBER 280
#define STACK_POINTER 248
#define TIMEOUT(registers) ((registers)->x[3])
#define IN_CALL(registers) ((registers)->x[0] == (registers)->first)
#endif

// One thread. Kept between its waits, so that nothing is made or deleted for each of them.
struct waiter {
    u64 since;            // when it began to wait; 0 while it does not
    u64 waited;           // nanoseconds, all waits that have ended
    u64 word;             // that it waited for last, as the address in its process
    u64 waits;
    u32 tgid, tid;
};

BPF_TABLE("lru_hash", u64, struct waiter, waiters, SET_WHEN_LOADED);

// Whether a thread whose address ends so has ever waited: most have not, and cost no search then.
BPF_ARRAY(marks, u8, 65536);

static __always_inline u32 place_of(u64 task) {
    return (u16)(task >> 6);  // tasks begin at lines of the processor's cache
}

// bpf_get_current_task_btf and bpf_task_pt_regs, by their numbers in linux/bpf.h: since 5.15
static void *(*running_task)(void) = (void *)158;
static u64 (*registers_of)(void *task) = (void *)175;

// Whether a thread's first word of a kind is no proof of a lock: conditions may wait so as well.
#define NO 0
#define YES 1
#define WHEN_REPEATED 2

static __always_inline int is_lock(struct registers *call, u64 from) {
    u32 operation = (u32)SECOND(call) & FUTEX_CMD_MASK, value = (u32)THIRD(call);
    u64 stack = 0;

    if (operation == FUTEX_LOCK_PI || operation == 13)  // FUTEX_LOCK_PI2
        return YES;
    if (operation == FUTEX_WAIT_BITSET)
        return value == CONTENDED && !TIMEOUT(call) ? WHEN_REPEATED : NO;
    if (operation != FUTEX_WAIT)
        return NO;
    if (value > WAITERS && value - WAITERS < LARGEST_ID)
        return YES;
    if (value != CONTENDED || bpf_probe_read_kernel(&stack, sizeof stack, (void *)(from + STACK_POINTER)))
        return NO;
    return FIRST(call) - stack < OWN_FRAMES ? NO : YES;
}

static __always_inline void sleeps(u64 task) {
    u64 from, id = bpf_get_current_pid_tgid();
    struct waiter *known, fresh = {};
    struct registers call;
    u32 place, number;
    u8 *mark;
    int lock;

    if (!id)  // an idle processor
        return;
    from = registers_of(running_task());
    if (bpf_probe_read_kernel(&number, sizeof number, (void *)(from + CALL_NUMBER)) || number != __NR_futex)
        return;
    if (!read_registers(&call, from) || !IN_CALL(&call))
        return;
    lock = is_lock(&call, from);
    if (lock == NO)
        return;
    known = waiters.lookup(&task);
    if (known && known->tid == (u32)id) {
        if (lock == YES || known->word == FIRST(&call)) {
            known->since = bpf_ktime_get_ns();
            known->waits += 1;
        }
        known->word = FIRST(&call);
        return;
    }
    fresh.since = lock == YES ? bpf_ktime_get_ns() : 0;
    fresh.waits = lock == YES;
    fresh.word = FIRST(&call);
    fresh.tgid = id >> 32;
    fresh.tid = id;
    waiters.update(&task, &fresh);
    place = place_of(task);
    mark = marks.lookup(&place);
    if (mark)
        *mark = 1;
}

AT_RAW_TRACEPOINT(sched_switch) {
    u64 next = ctx->args[2];
    u32 place = place_of(next);
    u8 *mark = marks.lookup(&place);
    struct waiter *known = mark && *mark ? waiters.lookup(&next) : 0;

    if (known && known->since) {
        known->waited += bpf_ktime_get_ns() - known->since;
        known->since = 0;
    }
    if (!ctx->args[0])  // else it was stopped to let another one run
        sleeps(ctx->args[1]);
    return 0;
}

// --- Disks: how long requests take, counted in buckets of which four make a doubling.

struct request {
    u64 sector;
    u32 device, unused;
};

struct bucket {
    u32 device;           // major << 20 | minor
    u32 number;           // see resources/durations.py
};

BPF_TABLE("lru_hash", struct request, u64, requests, 8192);
BPF_TABLE("lru_hash", struct bucket, u64, durations, 8192);

static __always_inline void begins(u32 device, u64 sector, u32 sectors) {
    struct request key = {.sector = sector, .device = device};
    u64 now = bpf_ktime_get_ns();

    if (sectors)  // else it moves nothing, and has no place by which to know it again
        requests.update(&key, &now);
}

static __always_inline u32 number_of(u64 duration) {
    u32 power = 0, step;

#pragma unroll
    for (step = 32; step; step >>= 1)
        if (duration >> power >> step)
            power += step;
    return power < 2 ? (u32)duration : power << 2 | (duration >> (power - 2) & 3);
}

static __always_inline void ends(u32 device, u64 sector) {
    struct request key = {.sector = sector, .device = device};
    struct bucket bucket = {.device = device};
    u64 *begun = requests.lookup(&key), *count, one = 1;

    if (!begun)
        return;
    bucket.number = number_of(bpf_ktime_get_ns() - *begun);
    requests.delete(&key);
    count = durations.lookup(&bucket);
    if (count)
        __sync_fetch_and_add(count, 1);
    else
        durations.update(&bucket, &one);
}

#if DISKS == 2    // since 6.5: from when a request waits for its turn
AT_TRACEPOINT(block, block_io_start) { begins(args->dev, args->sector, args->nr_sector); return 0; }
AT_TRACEPOINT(block, block_io_done) { ends(args->dev, args->sector); return 0; }
#elif DISKS == 1  // from when the disk has it
AT_TRACEPOINT(block, block_rq_issue) { begins(args->dev, args->sector, args->nr_sector); return 0; }
AT_TRACEPOINT(block, block_rq_complete) { ends(args->dev, args->sector); return 0; }
#endif

// --- Deaths: by which signal, and whether for want of memory.

struct death {
    u32 signal;
    u32 victim;           // whether the kernel has chosen it for want of memory
};

BPF_TABLE("lru_hash", u32, u32, victims, 256);
BPF_TABLE("lru_hash", u32, struct death, deaths, 1024);

// Signals that end a process by default and tell of a defect, or of the kernel's help: QUIT, ILL, TRAP, ABRT, BUS, FPE,
// KILL, SEGV, XCPU, XFSZ, SYS.
#define FATAL (1ul << 3 | 1ul << 4 | 1ul << 5 | 1ul << 6 | 1ul << 7 | 1ul << 8 | 1ul << 9 | 1ul << 11 | 1ul << 24 \
               | 1ul << 25 | 1ul << 31)

#if VICTIMS
AT_TRACEPOINT(oom, mark_victim) {
    u32 id = args->pid, one = 1;

    victims.update(&id, &one);
    return 0;
}
#endif

#if SIGNALS
AT_TRACEPOINT(signal, signal_deliver) {
    u32 signal = args->sig, tgid = bpf_get_current_pid_tgid() >> 32, tid = bpf_get_current_pid_tgid();
    struct death *known, death = {.signal = signal};

    if (args->sa_handler || signal > 31 || !(1ul << signal & FATAL))
        return 0;
    death.victim = !!victims.lookup(&tid);
    // Of a signal that ends a process, its other threads hear as of SIGKILL: the first is the cause.
    known = deaths.lookup(&tgid);
    if (!known)
        deaths.update(&tgid, &death);
    else if (death.victim)
        known->victim = 1;
    return 0;
}
#endif

// --- Processors: where they are found, many times a second.

struct place {
    u64 page;             // of what is executed; 0 within the kernel
    u32 tgid, unused;
};

BPF_TABLE("lru_hash", struct place, u64, places, 8192);

AT_SAMPLE(processor) {
    struct place place = {.tgid = bpf_get_current_pid_tgid() >> 32};
    u64 *count, one = 1;
#if defined(__x86_64__)
    u64 at = ctx->regs.ip;
#elif defined(__aarch64__)
    u64 at = ctx->regs.pc;
#endif

    if (!place.tgid)
        return 0;
    place.page = at >> 63 ? 0 : at >> 12;
    count = places.lookup(&place);
    if (count)
        __sync_fetch_and_add(count, 1);
    else
        places.update(&place, &one);
    return 0;
}
