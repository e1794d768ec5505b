// Connections as system calls show them: for kernels before 6.3, whose sockets tell nothing of what they move.
//
// System calls are seen by the two raw tracepoints that all of them pass, which costs half of what their own tracepoints
// do. Nearly all is done when a call ends: its arguments are still in the registers then, so nothing has to be kept from
// its beginning but, for what writes, the time. A connection's key is its process and, above, its file descriptor.

#include "connections.h"

BPF_TABLE("lru_hash", u64, u64, connecting, 16384); // by thread
BPF_TABLE("lru_hash", u64, u64, dialing, 16384);    // by socket

static __always_inline u64 key_of(s32 fd) {
    return (u64)(u32)fd << 32 | process();
}

// A new connection; none where the address tells that it is no TCP and no UDP.
static __always_inline struct conn *opened(s32 fd, u8 role, u64 address) {
    struct conn fresh = {.role = role, .tgid = process(), .fd = fd, .since = bpf_ktime_get_ns()};
    read_address(&fresh.remote, address);
    if (fresh.remote.family && fresh.remote.family != AF_INET && fresh.remote.family != AF_INET6) return 0;
    fresh.id = next_id();
    u64 key = key_of(fd);
    conns.update(&key, &fresh);
    return conns.lookup(&key);
}

static __always_inline void connects(s32 fd, u64 address) {
    u64 thread = bpf_get_current_pid_tgid(), key = key_of(fd);
    if (opened(fd, CLIENT, address)) connecting.update(&thread, &key);
}

static __always_inline void closes(s32 fd) {
    u64 key = key_of(fd);
    struct conn *conn = conns.lookup(&key);
    if (!conn) return;
    end(key, conn);
    conns.delete(&key);
}

AT_TRACEPOINT(sock, inet_sock_set_state) {
    if (args->protocol != IPPROTO_TCP) return 0;
    u64 sock = (u64)args->skaddr;
    if (args->newstate == BPF_TCP_SYN_SENT) { // in the thread that connects
        u64 thread = bpf_get_current_pid_tgid();
        u64 *from = connecting.lookup(&thread);
        if (!from) return 0;
        u64 key = *from;
        dialing.update(&sock, &key);
        connecting.delete(&thread);
        return 0;
    }
    if (args->oldstate != BPF_TCP_SYN_SENT) return 0;
    u64 *from = dialing.lookup(&sock);
    if (!from) return 0;
    u64 key = *from;
    struct conn *conn = conns.lookup(&key);
    if (conn) {
        READ_ADDRESSES(conn, args);
        if (args->newstate != BPF_TCP_ESTABLISHED) announce(FAILED, key, conn);
    }
    dialing.delete(&sock);
    return 0;
}

// Only sockets can be called by some of the calls: what is not known yet was inherited, or passed by another process.
static __always_inline int is_for_sockets(u64 number) {
    return number == __NR_sendto || number == __NR_recvfrom || number == __NR_sendmsg || number == __NR_recvmsg ||
           number == __NR_sendmmsg;
}

static __always_inline void moved(u64 at, struct registers *registers, u32 bytes) {
    struct call call = {};
    if (!read_call(&call, registers, 0)) return;
    u64 key = key_of(call.fd);
    struct conn *conn = conns.lookup(&key);
    if (!conn && is_for_sockets(NUMBER(registers))) conn = opened(call.fd, UNKNOWN, 0);
    if (!conn) return;
    add_bytes(conn, call.writes, bytes);
    if (conn->muted) return;
    if (is_encrypted(key, conn, &call)) return pass_by(key, at, call.writes);
    tell_if(is_told(conn, call.writes), key, conn, &call, bytes);
}

AT_RAW_TRACEPOINT(sys_enter) {
    u64 number = ctx->args[1];
    struct registers registers;
    if (is_to_write(number)) note_beginning();
    if ((number != __NR_connect && number != __NR_close) || !read_registers(&registers, ctx->args[0])) return 0;
    if (number == __NR_connect)
        connects(FIRST(&registers), SECOND(&registers));
    else
        closes(FIRST(&registers));
    return 0;
}

AT_RAW_TRACEPOINT(sys_exit) {
    s64 result = ctx->args[1];
    if (result <= 0) return 0;
    struct registers registers;
    if (!read_registers(&registers, ctx->args[0])) return 0;
    if (NUMBER(&registers) == __NR_accept || NUMBER(&registers) == __NR_accept4)
        opened(result, SERVER, SECOND(&registers));
    else
        moved(ctx->args[0], &registers, result);
    return 0;
}
