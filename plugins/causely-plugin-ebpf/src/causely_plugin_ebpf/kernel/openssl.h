// OpenSSL moves what is encrypted within the call that hands it over, or the thread has just moved it.

// A call of OpenSSL's under way in a thread.
struct encrypting {
    u64 at;
    u64 session;
    u64 buffer;
    u64 length;           // where the number of bytes is told; 0 where it is returned
    u64 key;              // of the connection that was used meanwhile
    u8 writes;
};

BPF_TABLE("lru_hash", u64, struct encrypting, encrypting, 8192);     // by thread
BPF_TABLE("lru_hash", u64, u64, used_last, 8192);                    // by thread: an encrypted connection's key

static __always_inline void note_used(u64 key) {
    u64 thread = bpf_get_current_pid_tgid();
    struct encrypting *call = encrypting.lookup(&thread);
    if (call) call->key = key;
    used_last.update(&thread, &key);
}

static __always_inline u64 key_of_call(struct encrypting *call, u64 thread) {
    u64 known = key_of_session(call->session), key = call->key;
    if (!key && known && conns.lookup(&known)) return known;
    if (!key) {
        u64 *used = used_last.lookup(&thread);
        if (!used) return 0;
        key = *used;
    }
    note_session(call->session, key);
    return key;
}

static __always_inline int enter(struct pt_regs *ctx, u8 writes, u64 length) {
    u64 thread = bpf_get_current_pid_tgid();
    struct encrypting call = {.at = bpf_ktime_get_ns(), .session = PT_REGS_PARM1(ctx), .buffer = PT_REGS_PARM2(ctx),
                              .length = length, .writes = writes};
    encrypting.update(&thread, &call);
    return 0;
}

AT_UPROBE(SSL_write) { return enter(ctx, 1, 0); }
AT_UPROBE(SSL_read) { return enter(ctx, 0, 0); }
AT_UPROBE(SSL_write_ex) { return enter(ctx, 1, PT_REGS_PARM4(ctx)); }
AT_UPROBE(SSL_read_ex) { return enter(ctx, 0, PT_REGS_PARM4(ctx)); }

// Of all of them.
AT_URETPROBE(SSL) {
    u64 thread = bpf_get_current_pid_tgid();
    struct encrypting *found = encrypting.lookup(&thread);
    if (!found) return 0;
    struct encrypting call = *found;
    encrypting.delete(&thread);
    s32 result = PT_REGS_RC(ctx);
    u64 bytes = result;
    if (result <= 0 || (call.length && bpf_probe_read_user(&bytes, sizeof bytes, (void *)call.length))) return 0;
    u64 key = key_of_call(&call, thread);
    tell_plain(key, call.writes, call.writes ? call.at : bpf_ktime_get_ns(), call.buffer, bytes);
    return 0;
}
