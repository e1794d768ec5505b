// What processes say and hear over TCP and DNS: connections and the heads of what goes through them.
//
// Everything is read from arguments of system calls, from memory of the process and from fields of tracepoints; no
// structure of the kernel is looked into, so that it does not matter which kernel the headers are of. The one exception
// is what a system call leaves of the registers, whose layout is the same in all kernels (see registers.h).
//
// System calls are seen by the two raw tracepoints that all of them pass, which costs half of what their own tracepoints
// do. Nearly all is done when a call ends: its arguments are still in the registers then, so nothing has to be kept from
// its beginning but, for what writes, the time.

#include <asm/unistd.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/socket.h>
#include <linux/uio.h>

#include "registers.h"

#define HEAD 472          // bytes of each message that are read; with its ring's header a segment has 512
#define MORE 3            // segments told of one turn after its first, where no parser needs all
#define SET_WHEN_LOADED 1 // the agent makes these maps as large as it is configured
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
    u64 sent, received;   // bytes
    u8 role;
    u8 muted;             // not to be told: no TCP, or over the agent's budget
    u8 whole;             // every segment is to be told: a parser would be lost without
    u8 speaking;          // WRITES or READS, as the last one was; 0 before any
    u16 more;             // segments of this turn after the first, up to one more than are told
    u8 untold;            // whether the request at hand is not among those told
    u8 prepares;          // POSTGRESQL or MYSQL, whose statements that are prepared are to be told
};

// When a call that writes began, on one processor.
struct beginning {
    u64 thread, at;
};

// A system call that has moved bytes.
struct call {
    u64 buffer;           // what was read or written, or an array of iovec
    u32 vectors;          // how many of these; 0 where it is the buffer itself
    s32 fd;
    u8 writes;
    u8 socket;            // whether only sockets can be called so: what is not known yet is one then
    u8 several;           // whether it counts messages, not bytes
};

// Fixed sizes, so that the agent reads a ring as an array.
struct event {
    u64 at, id;
    u32 tgid;
    s32 fd;
    struct address local, remote;
    u64 sent, received;   // bytes, when it is closed
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

BPF_TABLE("lru_hash", struct place, struct conn, conns, SET_WHEN_LOADED);
BPF_TABLE("lru_hash", u64, struct place, connecting, 16384);
BPF_TABLE("lru_hash", u64, struct place, dialing, 16384);
BPF_ARRAY(told, u32, 1);  // how many of 2^32 requests are to be told; 0 for all
BPF_PERCPU_ARRAY(writing, struct beginning, 1);
BPF_PERCPU_ARRAY(counters, u64, 4);
BPF_RINGBUF_OUTPUT(events, SET_WHEN_LOADED);
BPF_RINGBUF_OUTPUT(segments, SET_WHEN_LOADED);

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

// Opening and closing.

static __always_inline void connects(s32 fd, u64 address) {
    u64 thread = bpf_get_current_pid_tgid();
    struct place place = placed(fd);
    if (opened(place, CLIENT, address, bpf_ktime_get_ns())) connecting.update(&thread, &place);
}

static __always_inline void closes(s32 fd) {
    struct place place = placed(fd);
    struct conn *conn = conns.lookup(&place);
    if (!conn) return;
    struct event *event = new_event(CLOSED, bpf_ktime_get_ns(), place, conn->id);
    if (event) {
        event->sent = conn->sent;
        event->received = conn->received;
        events.ringbuf_submit(event, BPF_RB_NO_WAKEUP);
    }
    conns.delete(&place);
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

// Whether the request that begins is not among those told.
static __always_inline int untold(struct conn *conn, struct call *call) {
    u32 first = 0, *share = told.lookup(&first);
    if (!share || !*share || conn->role == UNKNOWN || conn->whole || bpf_get_prandom_u32() < *share) return 0;
    return !(conn->prepares && call->writes && !call->vectors && is_preparing(conn->prepares, call->buffer));
}

// Whether what was moved is to be told. What follows an untold request until the next one is untold too.
static __always_inline int is_told(struct conn *conn, struct call *call, u8 *skipped) {
    u8 speaking = call->writes ? WRITES : READS;
    *skipped = conn->more > MORE;
    if (conn->speaking != speaking) {
        conn->speaking = speaking;
        conn->more = 0;
        if (speaking == (conn->role == CLIENT ? WRITES : READS)) conn->untold = untold(conn, call);
    } else if (conn->more <= MORE) {
        conn->more++;
    }
    if (conn->untold) return 0;
    if (conn->more <= MORE || conn->whole) return 1;
    count(LEFT_OUT);
    return 0;
}

// When a call that writes began, which is before anything can come back; now, if its thread has changed the processor.
static __always_inline u64 began(void) {
    u32 first = 0;
    struct beginning *beginning = writing.lookup(&first);
    return beginning && beginning->thread == bpf_get_current_pid_tgid() ? beginning->at : bpf_ktime_get_ns();
}

static __always_inline void tell(struct place place, struct conn *conn, struct call *call, u32 length, u8 skipped) {
    struct segment *segment = segments.ringbuf_reserve(sizeof(struct segment));
    if (!segment) {
        count(LOST_SEGMENTS);
        return;
    }
    u64 from = call->buffer;
    u32 whole = length;
    if (call->vectors) {
        struct iovec vector = {};
        bpf_probe_read_user(&vector, sizeof vector, (void *)call->buffer);
        from = (u64)vector.iov_base;
        if (call->several || vector.iov_len < length) length = vector.iov_len;
        if (call->several) whole = length;
    }
    u64 head = length;
    asm volatile("" : "+r"(head)); // so that the compiler does not take the verifier's next line away
    if (head > HEAD) head = HEAD;
    asm volatile("" : "+r"(head));
    segment->at = call->writes ? began() : bpf_ktime_get_ns();
    segment->id = conn->id;
    segment->length = whole;
    segment->writes = call->writes;
    segment->skipped = skipped;
    segment->tgid = place.tgid;
    segment->fd = place.fd;
    segment->head = bpf_probe_read_user(segment->data, head, (void *)from) ? 0 : head;
    segments.ringbuf_submit(segment, BPF_RB_NO_WAKEUP);
}

static __always_inline void moved(struct call *call, u32 bytes) {
    struct place place = placed(call->fd);
    struct conn *conn = conns.lookup(&place);
    if (!conn) {
        if (!call->socket) return;
        conn = opened(place, UNKNOWN, 0, bpf_ktime_get_ns()); // inherited, or passed by another process
        if (!conn) return;
    }
    // One thread speaks at a time, nearly always; a sum that two add to at once may miss one of them.
    if (call->writes)
        conn->sent += bytes;
    else
        conn->received += bytes;
    u8 skipped;
    if (!conn->muted && is_told(conn, call, &skipped)) tell(place, conn, call, bytes, skipped);
}

static __always_inline void point_to_vectors(struct call *call, u64 message) {
    struct user_msghdr header = {};
    bpf_probe_read_user(&header, sizeof header, (void *)message);
    call->buffer = (u64)header.msg_iov;
    call->vectors = header.msg_iovlen ? header.msg_iovlen : 1;
    call->socket = 1;
}

// System calls. Those of 32-bit programs have other numbers, and are not looked at.

RAW_TRACEPOINT_PROBE(sys_enter) {
    u64 number = ctx->args[1];
    switch (number) {
    case __NR_write:
    case __NR_writev:
    case __NR_sendto:
    case __NR_sendmsg:
    case __NR_sendmmsg: {
        u32 first = 0;
        struct beginning *beginning = writing.lookup(&first);
        if (!beginning) return 0;
        beginning->thread = bpf_get_current_pid_tgid();
        beginning->at = bpf_ktime_get_ns();
        return 0;
    }
    case __NR_connect:
    case __NR_close: {
        struct registers registers;
        if (!read_registers(&registers, ctx->args[0])) return 0;
        if (number == __NR_connect)
            connects(FIRST(registers), SECOND(registers));
        else
            closes(FIRST(registers));
    }
    }
    return 0;
}

RAW_TRACEPOINT_PROBE(sys_exit) {
    s64 result = ctx->args[1];
    if (result <= 0) return 0;
    struct registers registers;
    if (!read_registers(&registers, ctx->args[0])) return 0;
    struct call call = {.fd = FIRST(registers), .buffer = SECOND(registers)};
    switch (NUMBER(registers)) {
    case __NR_accept:
    case __NR_accept4:
        opened(placed(result), SERVER, SECOND(registers), bpf_ktime_get_ns());
        return 0;
    case __NR_write:
        call.writes = 1;
    case __NR_read:
        break;
    case __NR_writev:
        call.writes = 1;
    case __NR_readv:
        call.vectors = THIRD(registers);
        break;
    case __NR_sendto:
        call.writes = 1;
    case __NR_recvfrom:
        call.socket = 1;
        break;
    case __NR_sendmmsg: // resolvers ask for both kinds of addresses in one call; the first message is told
        call.several = 1;
    case __NR_sendmsg:
        call.writes = 1;
    case __NR_recvmsg:
        point_to_vectors(&call, SECOND(registers));
        break;
    case __NR_sendfile:
        call.writes = 1;
        call.buffer = 0;
        break;
    default:
        return 0;
    }
    moved(&call, result);
    return 0;
}
