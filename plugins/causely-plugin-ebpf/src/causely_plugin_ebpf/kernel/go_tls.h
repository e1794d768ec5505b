// What Go programs say by crypto/tls (of Go 1.18 and later, which hand arguments over in registers).
//
// A goroutine moves from thread to thread, so what it is doing is noted by the goroutine itself: its address is in a
// register all the time, also during its system calls. So a socket tells for certain which of Go's sessions it is for,
// while the goroutine is in a call of that session; all sessions begin with such a call, their handshake. Its stack may
// move as well: places to return to are not to be touched there.

#define SHAKES_HANDS 3    // beside WRITES and READS

struct goroutine {
    u64 at;
    u64 tgid;
};

// What it is doing.
struct go_call {
    u64 at;
    u64 session;
    u64 buffer;
    u64 length;
    u64 stack;
    u8 does;              // WRITES, READS or SHAKES_HANDS
};

// A goroutine that waits for something to read is here for as long as it does.
BPF_TABLE("lru_hash", struct goroutine, struct go_call, go_calls, SET_WHEN_LOADED);

static __always_inline int go_enters(struct pt_regs *ctx, u8 does) {
    struct goroutine goroutine = {.at = GO_CURRENT(ctx), .tgid = process()};
    struct go_call call = {.at = bpf_ktime_get_ns(), .session = GO_FIRST(ctx), .buffer = GO_SECOND(ctx),
                           .length = GO_THIRD(ctx), .stack = GO_STACK(ctx), .does = does};
    go_calls.update(&goroutine, &call);
    return 0;
}

// What is written is told when its socket is written to: then it is known which, and it takes no probe more.
static __always_inline void goroutine_moved(u64 key, u64 at, u8 writes) {
    struct goroutine goroutine = {.at = at, .tgid = process()};
    struct go_call *found = go_calls.lookup(&goroutine);
    if (!found) return;
    note_session(found->session, key);
    if (!writes || found->does != WRITES) return;
    struct go_call call = *found;
    go_calls.delete(&goroutine);
    if (call.length) tell_plain(key, 1, call.at, call.buffer, call.length);
}

// The buffer that was given, wherever it is by now: one on the stack has moved with it. (runtime/runtime2.go, `g`: its
// second word tells where the stack ends.)
static __always_inline u64 buffer_after(struct go_call *call, u64 goroutine, u64 stack) {
    u64 top = 0, above = call->buffer - call->stack;
    if (stack == call->stack || bpf_probe_read_user(&top, sizeof top, (void *)(goroutine + 8))) return call->buffer;
    return above < top - stack ? stack + above : call->buffer;
}

AT_UPROBE(go_tls_write) { return go_enters(ctx, WRITES); }
AT_UPROBE(go_tls_read) { return go_enters(ctx, READS); }

// What a goroutine was reading, which it is not any more; false where it was not.
static __always_inline int go_has_read(struct goroutine *goroutine, struct go_call *call) {
    struct go_call *found = go_calls.lookup(goroutine);
    if (!found || found->does != READS) return 0;
    *call = *found;
    go_calls.delete(goroutine);
    return 1;
}

// What was read is copied to the buffer that was given: where to, where from, and how much.
AT_UPROBE(go_tls_read_copies) {
    struct goroutine goroutine = {.at = GO_CURRENT(ctx), .tgid = process()};
    struct go_call call;
    if (!go_has_read(&goroutine, &call)) return 0;
    tell_plain(key_of_session(call.session), 0, bpf_ktime_get_ns(), GO_SECOND(ctx), GO_THIRD(ctx));
    return 0;
}

// Where that is not a call of its own. There are several of these in the function.
AT_UPROBE(go_tls_read_returns) {
    struct goroutine goroutine = {.at = GO_CURRENT(ctx), .tgid = process()};
    struct go_call call;
    s64 bytes = GO_FIRST(ctx);
    if (!go_has_read(&goroutine, &call) || bytes <= 0) return 0;
    u64 buffer = buffer_after(&call, goroutine.at, GO_STACK(ctx));
    tell_plain(key_of_session(call.session), 0, bpf_ktime_get_ns(), buffer, bytes);
    return 0;
}

// Where nobody has asked for it before, hands are shaken within the first call that reads or writes: which goes on.
AT_UPROBE(go_tls_handshake) {
    struct goroutine goroutine = {.at = GO_CURRENT(ctx), .tgid = process()};
    struct go_call *found = go_calls.lookup(&goroutine);
    return found && found->session == GO_FIRST(ctx) ? 0 : go_enters(ctx, SHAKES_HANDS);
}

AT_UPROBE(go_tls_handshake_returns) {
    struct goroutine goroutine = {.at = GO_CURRENT(ctx), .tgid = process()};
    struct go_call *found = go_calls.lookup(&goroutine);
    if (found && found->does == SHAKES_HANDS) go_calls.delete(&goroutine);
    return 0;
}
