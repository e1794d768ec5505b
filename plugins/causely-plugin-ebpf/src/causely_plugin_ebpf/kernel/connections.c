// What processes say and hear over TCP and DNS: connections and the heads of what goes through them.
//
// Everything is read from arguments of system calls, from memory of the process and from fields of tracepoints; no
// structure of the kernel is looked into, so that it does not matter which kernel the headers are of.

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/socket.h>
#include <linux/uio.h>

#define HEAD 472          // bytes of each message that are read; with its ring's header a segment has 512
#define MORE 3            // segments told of one turn after its first, where no parser needs all
#define CLIENT 1
#define SERVER 2
#define UNKNOWN 0
#define POSTGRESQL 1
#define MYSQL 2
#define WRITES 1
#define READS 2

// Who holds a connection.
struct place {
    u32 tgid;
    s32 fd;
};

struct address {
    u16 family;           // AF_INET or AF_INET6; 0 where it is not known
    u16 port;             // in host order
    u32 unused;
    u8 ip[16];            // of AF_INET the first four
};

// Told by this program, and set by the agent for what was there before.
struct conn {
    u64 id;
    u8 role;
    u8 muted;             // not to be told: no TCP, or over the agent's budget
    u8 whole;             // every segment is to be told: a parser would be lost without
    u8 speaking;          // WRITES or READS, as the last one was; 0 before any
    u16 more;             // segments of this turn after the first
    u8 untold;            // whether the request at hand is not among those told
    u8 prepares;          // POSTGRESQL or MYSQL, whose statements that are prepared are to be told
};

// A system call under way in a thread.
struct call {
    u64 at;
    u64 buffer;           // what is read or written, or an array of iovec
    u32 vectors;          // how many of these; 0 where it is the buffer itself
    s32 fd;
    u8 writes;
    u8 several;           // whether it counts messages, not bytes
};

// Fixed sizes, so that the agent reads a ring as an array.
struct event {
    u64 at, id;
    u32 tgid;
    s32 fd;
    struct address local, remote;
    u8 kind, role;        // as in records.py
    u8 unused[6];
};

struct segment {
    u64 at, id;
    u32 length;           // of the whole message
    u16 head;             // bytes of it that follow
    u8 writes;
    u8 skipped;           // whether something was left out before
    u32 tgid;
    s32 fd;
    u8 data[HEAD];
};

BPF_TABLE("lru_hash", struct place, struct conn, conns, CONNECTIONS);
BPF_TABLE("lru_hash", u64, struct call, calls, 16384);
BPF_TABLE("lru_hash", u64, u64, accepting, 16384);
BPF_TABLE("lru_hash", u64, struct place, connecting, 16384);
BPF_TABLE("lru_hash", u64, struct place, dialing, 16384);
BPF_ARRAY(told, u32, 1);  // how many of 2^32 requests are to be told; 0 for all
BPF_PERCPU_ARRAY(counters, u64, 4);
BPF_RINGBUF_OUTPUT(events, EVENT_PAGES);
BPF_RINGBUF_OUTPUT(segments, SEGMENT_PAGES);

enum { NEXT_ID, LOST_EVENTS, LOST_SEGMENTS, LEFT_OUT };

static __always_inline void count(u32 which) {
    u64 *counter = counters.lookup(&which);
    if (counter) (*counter)++;
}

static __always_inline u64 next_id(void) {
    u32 which = NEXT_ID;
    u64 *counter = counters.lookup(&which);
    return counter ? (u64)bpf_get_smp_processor_id() << 48 | ++*counter : 0;
}

static __always_inline struct event *new_event(u8 kind, u64 at, struct place place, u64 id) {
    struct event *event = events.ringbuf_reserve(sizeof(struct event));
    if (!event) {
        count(LOST_EVENTS);
        return 0;
    }
    __builtin_memset(event, 0, sizeof *event);
    event->kind = kind;
    event->at = at;
    event->id = id;
    event->tgid = place.tgid;
    event->fd = place.fd;
    return event;
}

enum { OPENED, CLOSED, ESTABLISHED, FAILED, EXITED };

static __always_inline void read_address(struct address *into, u64 from) {
    struct sockaddr_in6 found = {};
    if (!from || bpf_probe_read_user(&found, sizeof found, (void *)from)) {
        // A sockaddr_in at the end of a page is shorter.
        if (!from || bpf_probe_read_user(&found, sizeof(struct sockaddr_in), (void *)from)) return;
    }
    into->family = found.sin6_family;
    into->port = bpf_ntohs(found.sin6_port);
    if (found.sin6_family == AF_INET)
        __builtin_memcpy(into->ip, (u8 *)&found + 4, 4);
    else if (found.sin6_family == AF_INET6)
        __builtin_memcpy(into->ip, &found.sin6_addr, 16);
}

// A new connection; none where the address tells that it is no TCP and no UDP.
static __always_inline struct conn *opened(struct place place, u8 role, u64 address, u64 at) {
    struct address remote = {};
    read_address(&remote, address);
    if (remote.family && remote.family != AF_INET && remote.family != AF_INET6) return 0;
    struct conn fresh = {.id = next_id(), .role = role};
    conns.update(&place, &fresh);
    struct event *event = new_event(OPENED, at, place, fresh.id);
    if (event) {
        event->role = role;
        event->remote = remote;
        events.ringbuf_submit(event, BPF_RB_NO_WAKEUP);
    }
    return conns.lookup(&place);
}

static __always_inline struct place placed(s32 fd) {
    struct place place = {.tgid = bpf_get_current_pid_tgid() >> 32, .fd = fd};
    return place;
}

// Opening.

TRACEPOINT_PROBE(syscalls, sys_enter_connect) {
    u64 thread = bpf_get_current_pid_tgid();
    struct place place = placed(args->fd);
    if (opened(place, CLIENT, (u64)args->uservaddr, bpf_ktime_get_ns())) connecting.update(&thread, &place);
    return 0;
}

static __always_inline int accepts(u64 address) {
    u64 thread = bpf_get_current_pid_tgid();
    accepting.update(&thread, &address);
    return 0;
}

static __always_inline int accepted(long fd) {
    u64 thread = bpf_get_current_pid_tgid();
    u64 *address = accepting.lookup(&thread);
    if (address && fd >= 0) opened(placed(fd), SERVER, *address, bpf_ktime_get_ns());
    return 0;
}

TRACEPOINT_PROBE(syscalls, sys_enter_accept) { return accepts((u64)args->upeer_sockaddr); }
TRACEPOINT_PROBE(syscalls, sys_exit_accept) { return accepted(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_enter_accept4) { return accepts((u64)args->upeer_sockaddr); }
TRACEPOINT_PROBE(syscalls, sys_exit_accept4) { return accepted(args->ret); }

TRACEPOINT_PROBE(syscalls, sys_enter_close) {
    struct place place = placed(args->fd);
    struct conn *conn = conns.lookup(&place);
    if (!conn) return 0;
    struct event *event = new_event(CLOSED, bpf_ktime_get_ns(), place, conn->id);
    if (event) events.ringbuf_submit(event, BPF_RB_NO_WAKEUP);
    conns.delete(&place);
    return 0;
}

// What a process holds is not closed by calls of its own when it ends.
TRACEPOINT_PROBE(sched, sched_process_exit) {
    u64 thread = bpf_get_current_pid_tgid();
    if (thread >> 32 != (u32)thread) return 0;
    struct event *event = new_event(EXITED, bpf_ktime_get_ns(), placed(-1), 0);
    if (event) events.ringbuf_submit(event, BPF_RB_NO_WAKEUP);
    return 0;
}

TRACEPOINT_PROBE(sock, inet_sock_set_state) {
    if (args->protocol != IPPROTO_TCP) return 0;
    u64 sock = (u64)args->skaddr;
    if (args->newstate == BPF_TCP_SYN_SENT) { // in the thread that connects
        u64 thread = bpf_get_current_pid_tgid();
        struct place *from = connecting.lookup(&thread);
        if (!from) return 0;
        struct place place = *from;
        dialing.update(&sock, &place);
        connecting.delete(&thread);
        return 0;
    }
    if (args->oldstate != BPF_TCP_SYN_SENT) return 0;
    struct place *place = dialing.lookup(&sock);
    if (!place) return 0;
    struct conn *conn = conns.lookup(place);
    u8 kind = args->newstate == BPF_TCP_ESTABLISHED ? ESTABLISHED : FAILED;
    struct event *event = conn ? new_event(kind, bpf_ktime_get_ns(), *place, conn->id) : 0;
    if (event) {
        event->local.family = event->remote.family = args->family;
        event->local.port = args->sport;
        event->remote.port = args->dport;
        if (args->family == AF_INET) {
            bpf_probe_read_kernel(event->local.ip, 4, (void *)args->saddr);
            bpf_probe_read_kernel(event->remote.ip, 4, (void *)args->daddr);
        } else {
            bpf_probe_read_kernel(event->local.ip, 16, (void *)args->saddr_v6);
            bpf_probe_read_kernel(event->remote.ip, 16, (void *)args->daddr_v6);
        }
        events.ringbuf_submit(event, BPF_RB_NO_WAKEUP);
    }
    dialing.delete(&sock);
    return 0;
}

// Reading and writing.

// Whether a client names a statement that it will execute by the name: PostgreSQL's Parse with a name, MySQL's
// COM_STMT_PREPARE.
static __always_inline int is_preparing(u8 prepares, u64 buffer) {
    u8 head[6] = {};
    if (bpf_probe_read_user(head, sizeof head, (void *)buffer)) return 0;
    return prepares == POSTGRESQL ? head[0] == 'P' && head[5] : head[4] == 0x16;
}

// Whether a message is of a request that is not told. It is drawn for each that asks anew, so that it does not matter
// how often a read finds nothing; what follows an untold request until the next one is untold too.
static __always_inline int untold(struct conn *conn, u8 speaking, u64 buffer, u32 vectors) {
    u32 first = 0, *share = told.lookup(&first);
    if (!share || !*share || conn->role == UNKNOWN || conn->whole) return 0;
    u8 asks = conn->role == CLIENT ? WRITES : READS;
    if (speaking == asks && conn->speaking != asks) {
        conn->untold = bpf_get_prandom_u32() >= *share;
        if (conn->untold && conn->prepares && speaking == WRITES && !vectors)
            conn->untold = !is_preparing(conn->prepares, buffer);
    }
    return conn->untold;
}

// ``socket`` tells that only sockets can be called so: what is not known yet is one then.
static __always_inline int begin_any(s32 fd, u64 buffer, u32 vectors, u8 writes, u8 socket, u8 several) {
    struct place place = placed(fd);
    struct conn *conn = conns.lookup(&place);
    if (conn ? conn->muted || untold(conn, writes ? WRITES : READS, buffer, vectors) : !socket) return 0;
    u64 thread = bpf_get_current_pid_tgid();
    struct call call = {.at = bpf_ktime_get_ns(), .buffer = buffer, .vectors = vectors, .fd = fd, .writes = writes,
                        .several = several};
    calls.update(&thread, &call);
    return 0;
}

static __always_inline int begin(s32 fd, u64 buffer, u32 vectors, u8 writes, u8 socket) {
    return begin_any(fd, buffer, vectors, writes, socket, 0);
}

static __always_inline int end(long moved) {
    u64 thread = bpf_get_current_pid_tgid();
    struct call *found = calls.lookup(&thread);
    if (!found) return 0;
    struct call call = *found;
    calls.delete(&thread);
    if (moved <= 0) return 0;
    u64 now = bpf_ktime_get_ns();
    struct place place = placed(call.fd);
    struct conn *conn = conns.lookup(&place);
    if (!conn) conn = opened(place, UNKNOWN, 0, now); // inherited, or passed by another process
    if (!conn) return 0;
    u8 speaking = call.writes ? WRITES : READS, skipped = conn->more > MORE;
    if (conn->speaking == speaking && ++conn->more > MORE && !conn->whole) {
        count(LEFT_OUT);
        return 0;
    }
    if (conn->speaking != speaking) {
        conn->speaking = speaking;
        conn->more = 0;
    }
    struct segment *segment = segments.ringbuf_reserve(sizeof(struct segment));
    if (!segment) {
        count(LOST_SEGMENTS);
        return 0;
    }
    u64 from = call.buffer;
    u32 length = moved;
    if (call.vectors) {
        struct iovec vector = {};
        bpf_probe_read_user(&vector, sizeof vector, (void *)call.buffer);
        from = (u64)vector.iov_base;
        if (call.several || vector.iov_len < length) length = vector.iov_len;
    }
    u64 head = length;
    asm volatile("" : "+r"(head)); // so that the compiler does not take the verifier's next line away
    if (head > HEAD) head = HEAD;
    asm volatile("" : "+r"(head));
    segment->at = call.writes ? call.at : now;
    segment->id = conn->id;
    segment->length = call.several ? length : moved;
    segment->writes = call.writes;
    segment->skipped = skipped;
    segment->tgid = place.tgid;
    segment->fd = place.fd;
    segment->head = bpf_probe_read_user(segment->data, head, (void *)from) ? 0 : head;
    segments.ringbuf_submit(segment, BPF_RB_NO_WAKEUP);
    return 0;
}

static __always_inline int begin_message(s32 fd, u64 message, u8 writes, u8 several) {
    struct user_msghdr header = {};
    if (bpf_probe_read_user(&header, sizeof header, (void *)message)) return 0;
    return begin_any(fd, (u64)header.msg_iov, header.msg_iovlen ? header.msg_iovlen : 1, writes, 1, several);
}

TRACEPOINT_PROBE(syscalls, sys_enter_read) { return begin(args->fd, (u64)args->buf, 0, 0, 0); }
TRACEPOINT_PROBE(syscalls, sys_exit_read) { return end(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_enter_write) { return begin(args->fd, (u64)args->buf, 0, 1, 0); }
TRACEPOINT_PROBE(syscalls, sys_exit_write) { return end(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_enter_readv) { return begin(args->fd, (u64)args->vec, args->vlen, 0, 0); }
TRACEPOINT_PROBE(syscalls, sys_exit_readv) { return end(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_enter_writev) { return begin(args->fd, (u64)args->vec, args->vlen, 1, 0); }
TRACEPOINT_PROBE(syscalls, sys_exit_writev) { return end(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_enter_recvfrom) { return begin(args->fd, (u64)args->ubuf, 0, 0, 1); }
TRACEPOINT_PROBE(syscalls, sys_exit_recvfrom) { return end(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_enter_sendto) { return begin(args->fd, (u64)args->buff, 0, 1, 1); }
TRACEPOINT_PROBE(syscalls, sys_exit_sendto) { return end(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_enter_recvmsg) { return begin_message(args->fd, (u64)args->msg, 0, 0); }
TRACEPOINT_PROBE(syscalls, sys_exit_recvmsg) { return end(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_enter_sendmsg) { return begin_message(args->fd, (u64)args->msg, 1, 0); }
TRACEPOINT_PROBE(syscalls, sys_exit_sendmsg) { return end(args->ret); }
// Resolvers ask for both kinds of addresses in one call; the first message is told.
TRACEPOINT_PROBE(syscalls, sys_enter_sendmmsg) { return begin_message(args->fd, (u64)args->mmsg, 1, 1); }
TRACEPOINT_PROBE(syscalls, sys_exit_sendmmsg) { return end(args->ret); }
