// Connections as sockets show them (kernels from 6.3 on): no system call that has nothing to do with them is touched.
//
// A connection's key is the address of its socket in the kernel. Where the process has what was moved is in the
// registers that its system call has left. Three fields of sockets are looked at, of those that are met for the first
// time; where they are, the agent has from the types of the running kernel.

#include "connections.h"

#define DNS_PORT 53
#define MSG_OF_SEVERAL 0x40000  // MSG_BATCH: there are more messages in this call
#define DNS_OF (1ull << 63)     // the key of what a process asks and hears over UDP, with the process

static void *(*const own_task)(void) = (void *)158; // bpf_get_current_task_btf
static void *(*const registers_of)(void *task) = (void *)175; // bpf_task_pt_regs

static __always_inline int read_own_registers(struct registers *into) {
    return read_registers(into, (u64)registers_of(own_task()));
}

static __always_inline void own_task_passes_by(u64 key, u8 writes) {
    pass_by(key, (u64)registers_of(own_task()), writes);
}

static __always_inline u16 field_at(u64 sock, u32 which) {
    u16 value = 0;
    bpf_probe_read_kernel(&value, sizeof value, (void *)(sock + setting(which)));
    return value;
}

static __always_inline struct conn *opened(u64 key, struct conn *fresh) {
    fresh->id = next_id();
    fresh->since = bpf_ktime_get_ns();
    conns.update(&key, fresh);
    return conns.lookup(&key);
}

// Opening and closing.

AT_TRACEPOINT(sock, inet_sock_set_state) {
    if (args->protocol != IPPROTO_TCP) return 0;
    u64 key = (u64)args->skaddr;
    struct conn *conn;
    struct registers registers;
    switch (args->newstate) {
    case BPF_TCP_SYN_SENT: { // in the thread that connects
        struct conn fresh = {.role = CLIENT, .tgid = process(), .fd = -1};
        if (read_own_registers(&registers)) fresh.fd = FIRST(&registers);
        READ_ADDRESSES(&fresh, args);
        fresh.local.family = 0; // it has no port yet
        opened(key, &fresh);
        return 0;
    }
    case BPF_TCP_ESTABLISHED:
        if (args->oldstate == BPF_TCP_SYN_SENT) {
            conn = conns.lookup(&key);
            if (!conn) return 0;
            READ_ADDRESSES(conn, args);
        } else { // whose it is shows when it is used first
            struct conn fresh = {.role = SERVER};
            READ_ADDRESSES(&fresh, args);
            opened(key, &fresh);
        }
        return 0;
    case BPF_TCP_FIN_WAIT1: // who only says nothing more may still hear
        if (read_own_registers(&registers) && NUMBER(&registers) == __NR_shutdown) return 0;
    case BPF_TCP_LAST_ACK:
    case BPF_TCP_CLOSE:
        conn = conns.lookup(&key);
        if (!conn) return 0;
        if (args->oldstate == BPF_TCP_SYN_SENT)
            announce(FAILED, key, conn);
        else if (conn->tgid)
            end(key, conn);
        conns.delete(&key);
    }
    return 0;
}

// What is not known yet: opened before anything was watched, or a look-up over UDP. Sockets of look-ups come and go
// without a trace: what a process asks and hears through all of them is one connection.

static __always_inline u16 asked_port(struct registers *registers) {
    struct address address = {};
    struct user_msghdr header = {};
    switch (NUMBER(registers)) {
    case __NR_sendto:
        read_address(&address, FIFTH(registers));
        break;
    case __NR_sendmsg:
    case __NR_sendmmsg:
        bpf_probe_read_user(&header, sizeof header, (void *)SECOND(registers));
        read_address(&address, (u64)header.msg_name);
    }
    return address.port;
}

static __always_inline struct conn *unknown(u64 *key, u64 sock, u8 writes) {
    u16 family = field_at(sock, FAMILY_AT);
    if (family != AF_INET && family != AF_INET6) return 0;
    u16 protocol = field_at(sock, PROTOCOL_AT);
    struct registers registers;
    struct conn fresh = {.role = UNKNOWN, .tgid = process(), .fd = -1};
    if (protocol == IPPROTO_UDP) {
        u16 port = bpf_ntohs(field_at(sock, PORT_AT));
        if (port && port != DNS_PORT) return 0;
        *key = DNS_OF | fresh.tgid;
        struct conn *conn = conns.lookup(key);
        if (port ? conn != 0 : !writes) return conn;
        if (!read_own_registers(&registers)) return 0;
        if (!port && asked_port(&registers) != DNS_PORT) return 0;
        if (conn) return conn;
        fresh.role = CLIENT;
        fresh.remote.family = AF_INET;
        fresh.remote.port = DNS_PORT;
    } else if (protocol != IPPROTO_TCP || !read_own_registers(&registers)) {
        return 0;
    }
    fresh.fd = FIRST(&registers);
    return opened(*key, &fresh);
}

// Reading and writing.

static __always_inline int moved(u64 sock, s32 bytes, u32 flags, u8 writes) {
    if (bytes <= 0) return 0;
    u64 key = sock;
    struct registers registers;
    struct conn *conn = conns.lookup(&key);
    if (!conn) conn = unknown(&key, sock, writes);
    if (!conn) return 0;
    if (!conn->tgid) {
        conn->tgid = process();
        conn->fd = read_own_registers(&registers) ? FIRST(&registers) : -1;
    }
    add_bytes(conn, writes, bytes);
    if (conn->muted) return 0;
    if (conn->looks == ENCRYPTED) {
        own_task_passes_by(key, writes);
        return 0;
    }
    int told = is_told(conn, writes);
    if (!told && conn->looks == LOOKS && !must_be_told(conn, writes)) return 0;
    struct call call = {};
    if (!read_own_registers(&registers) || !read_call(&call, &registers, !(flags & MSG_OF_SEVERAL))) return 0;
    call.several = 0;
    if (is_encrypted(key, conn, &call)) {
        own_task_passes_by(key, writes);
        return 0;
    }
    tell_if(told, key, conn, &call, bytes);
    return 0;
}

AT_RAW_TRACEPOINT(sock_send_length) {
    return moved(ctx->args[0], ctx->args[1], ctx->args[2], 1);
}

AT_RAW_TRACEPOINT(sock_recv_length) {
    return ctx->args[2] & MSG_PEEK ? 0 : moved(ctx->args[0], ctx->args[1], ctx->args[2], 0);
}

// Only while every request is told: to see all system calls begin costs more than all else here.
AT_RAW_TRACEPOINT(sys_enter) {
    if (is_to_write(ctx->args[1])) note_beginning();
    return 0;
}
