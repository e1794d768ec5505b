// Connections, the heads of what goes through them, and how both are told: the same however they are seen.
//
// Everything is read from arguments of system calls, from memory of the process and from fields of tracepoints; no
// structure of the kernel is looked into, so that it does not matter which kernel the headers are of. What exceptions
// there are have their reasons beside them.

#include <asm/unistd.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/socket.h>
#include <linux/uio.h>

#include "programs.h"
#include "registers.h"

#define HEAD 464          // bytes of each message that are read; with its ring's header a segment has 512
#define MORE 3            // segments told of one turn after its first, where no parser needs all
#define SET_WHEN_LOADED 1 // the agent makes these maps as large as it is configured
#define LOOKS 6           // messages after which a connection that was not encrypted will not be; some ask whether to
#define UNKNOWN 0
#define CLIENT 1
#define SERVER 2
#define POSTGRESQL 1
#define MYSQL 2
#define ENCRYPTED 0xFF
#define WRITES 1
#define READS 2

struct address {
    u16 family;           // AF_INET or AF_INET6; 0 where it is not known
    u16 port;             // in host order
    u32 unused;
    u8 ip[16];            // of AF_INET the first four
};

// Told by the program, and set by the agent for what was there before. The agent writes what is up to `prepares`.
struct conn {
    u64 id;
    u8 role;
    u8 muted;             // not to be told: no TCP, of no known protocol, or the agent has no room; as in records.py
    u8 whole;             // every segment is to be told: a parser would be lost without
    u8 prepares;          // POSTGRESQL or MYSQL, whose statements that are prepared are to be told
    u8 speaking;          // WRITES or READS, as the last one was; 0 before any
    u8 untold;            // whether the request at hand is not among those told
    u8 more;              // segments of this turn after the first, up to one more than are told
    u8 looks;             // messages that were looked at for encryption; ENCRYPTED where it was found
    u64 sent, received;   // bytes
    u64 since;            // when it was opened
    u32 tgid;             // who holds it
    s32 fd;
    struct address local, remote;
    u32 share;            // of 2^32 requests, how many are told; 0 for all
    u16 shares_of;        // the change of shares that this was looked up after
    u8 announced;         // whether the agent knows of it: it does when something is told
    u8 unused;
};

// What went through the connections of a process that are closed.
struct closed {
    u64 sent, received;   // bytes
    u64 connections;
};

// A system call that has moved bytes.
struct call {
    u64 buffer;           // what was read or written, or an array of iovec; 0 where it is not in memory of the process
    u32 vectors;          // how many of these; 0 where it is the buffer itself
    s32 fd;
    u8 writes;
    u8 several;           // whether it counts messages, not bytes
};

// When a call that writes began, on one processor.
struct beginning {
    u64 thread, at;
};

// Fixed sizes, so that the agent reads a ring as an array.
struct event {
    u64 at, id, key;
    u32 tgid;
    s32 fd;
    struct address local, remote;
    u64 since;
    u8 kind, role;        // as in records.py
    u8 unused[6];
};

struct segment {
    u64 at, id, key;
    u32 length;           // of the whole message
    u16 head;             // bytes of it that follow
    u8 writes;
    u8 skipped;           // whether something was left out before
    u32 tgid;
    s32 fd;
    u8 data[HEAD];
};

enum { OPENED, CLOSED, FAILED, EXITED, ENCRYPTS };
enum { NEXT_ID, LOST_EVENTS, LOST_SEGMENTS, LEFT_OUT, COUNTERS };
enum { SAMPLED, TIMED, FAMILY_AT, PORT_AT, PROTOCOL_AT, SETTINGS };

BPF_TABLE("lru_hash", u64, struct conn, conns, SET_WHEN_LOADED);
BPF_TABLE("lru_hash", u32, u32, shares, 8192); // by process: how many of 2^32 requests are told, where not all are
BPF_TABLE("lru_hash", u32, struct closed, closed, 8192); // by process
BPF_ARRAY(settings, u32, SETTINGS);            // both are set by the agent
BPF_PERCPU_ARRAY(writing, struct beginning, 1);
BPF_PERCPU_ARRAY(counters, u64, COUNTERS);
BPF_RINGBUF_OUTPUT(events, SET_WHEN_LOADED);
BPF_RINGBUF_OUTPUT(segments, SET_WHEN_LOADED);

static __always_inline u32 setting(u32 which) {
    u32 *value = settings.lookup(&which);
    return value ? *value : 0;
}

static __always_inline void count(u32 which) {
    u64 *counter = counters.lookup(&which);
    if (counter) (*counter)++;
}

static __always_inline u64 next_id(void) {
    u32 which = NEXT_ID;
    u64 *counter = counters.lookup(&which);
    return counter ? (u64)bpf_get_smp_processor_id() << 48 | ++*counter : 0;
}

static __always_inline u32 process(void) {
    return bpf_get_current_pid_tgid() >> 32;
}

static __always_inline struct event *new_event(u8 kind, u64 key, struct conn *conn) {
    struct event *event = events.ringbuf_reserve(sizeof(struct event));
    if (!event) {
        count(LOST_EVENTS);
        return 0;
    }
    __builtin_memset(event, 0, sizeof *event);
    event->kind = kind;
    event->at = bpf_ktime_get_ns();
    event->key = key;
    if (conn) {
        event->id = conn->id;
        event->role = conn->role;
        event->tgid = conn->tgid;
        event->fd = conn->fd;
        event->local = conn->local;
        event->remote = conn->remote;
        event->since = conn->since;
    }
    return event;
}

static __always_inline void announce(u8 kind, u64 key, struct conn *conn) {
    struct event *event = new_event(kind, key, conn);
    if (event) events.ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

// The end of a connection, which nobody needs to hear of who never heard of it.
static __always_inline void end(u64 key, struct conn *conn) {
    if (conn->announced) announce(CLOSED, key, conn);
    struct closed none = {}, *all = closed.lookup_or_try_init(&conn->tgid, &none);
    if (all) {
        all->sent += conn->sent;
        all->received += conn->received;
        all->connections++;
    }
}

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

// Both ends as sock:inet_sock_set_state has them.
#define READ_ADDRESSES(into, args)                                                      \
    {                                                                                   \
        (into)->local.family = (into)->remote.family = (args)->family;                  \
        (into)->local.port = (args)->sport;                                             \
        (into)->remote.port = (args)->dport;                                            \
        if ((args)->family == AF_INET) {                                                \
            bpf_probe_read_kernel((into)->local.ip, 4, (void *)(args)->saddr);          \
            bpf_probe_read_kernel((into)->remote.ip, 4, (void *)(args)->daddr);         \
        } else {                                                                        \
            bpf_probe_read_kernel((into)->local.ip, 16, (void *)(args)->saddr_v6);      \
            bpf_probe_read_kernel((into)->remote.ip, 16, (void *)(args)->daddr_v6);     \
        }                                                                               \
    }

static __always_inline void note_beginning(void) {
    u32 first = 0;
    struct beginning *beginning = writing.lookup(&first);
    if (!beginning) return;
    beginning->thread = bpf_get_current_pid_tgid();
    beginning->at = bpf_ktime_get_ns();
}

// When what was moved was: a call that writes when it began, which is before anything can come back; now, if its thread
// has changed the processor or beginnings are not noted.
static __always_inline u64 moment(u8 writes) {
    u32 first = 0;
    struct beginning *beginning = writes && setting(TIMED) ? writing.lookup(&first) : 0;
    return beginning && beginning->thread == bpf_get_current_pid_tgid() ? beginning->at : bpf_ktime_get_ns();
}

static __always_inline void point_to_vectors(struct call *call, u64 message) {
    struct user_msghdr header = {};
    bpf_probe_read_user(&header, sizeof header, (void *)message);
    call->buffer = (u64)header.msg_iov;
    call->vectors = header.msg_iovlen ? header.msg_iovlen : 1;
}

// What a call moves; false where it is none that does. Which of several messages is read, `last` tells.
static __always_inline int read_call(struct call *call, struct registers *registers, int last) {
    call->fd = FIRST(registers);
    call->buffer = SECOND(registers);
    switch (NUMBER(registers)) {
    case __NR_write:
    case __NR_sendto:
        call->writes = 1;
    case __NR_read:
    case __NR_recvfrom:
        return 1;
    case __NR_writev:
        call->writes = 1;
    case __NR_readv:
        call->vectors = THIRD(registers);
        return 1;
    case __NR_sendmsg:
        call->writes = 1;
    case __NR_recvmsg:
        point_to_vectors(call, SECOND(registers));
        return 1;
    case __NR_sendmmsg:
        call->writes = call->several = 1;
        point_to_vectors(call, SECOND(registers) + (last ? (THIRD(registers) - 1) * sizeof(struct mmsghdr) : 0));
        return 1;
    case __NR_sendfile:
        call->writes = 1;
        call->buffer = 0;
        return 1;
    }
    return 0;
}

// Whether a client names a statement that it will execute by the name: PostgreSQL's Parse with a name, MySQL's
// COM_STMT_PREPARE.
static __always_inline int is_preparing(u8 prepares, struct call *call) {
    u8 head[6] = {};
    if (call->vectors || bpf_probe_read_user(head, sizeof head, (void *)call->buffer)) return 0;
    return prepares == POSTGRESQL ? head[0] == 'P' && head[5] : head[4] == 0x16;
}

// Whether the request that begins is drawn to be left out.
static __always_inline int is_left_out(struct conn *conn) {
    u32 sampled = setting(SAMPLED);
    if (!sampled || conn->role == UNKNOWN || conn->whole) return 0;
    if (conn->shares_of != (u16)sampled) {
        u32 *share = shares.lookup(&conn->tgid);
        conn->share = share ? *share : 0;
        conn->shares_of = sampled;
    }
    return conn->share && bpf_get_prandom_u32() >= conn->share;
}

// Takes note of a turn. What follows an untold request until the next one is untold too; it is for the caller to see
// whether a request that is not drawn must be told nevertheless.
static __always_inline int is_told(struct conn *conn, u8 writes, u8 *skipped) {
    u8 speaking = writes ? WRITES : READS;
    *skipped = conn->more > MORE;
    if (conn->speaking != speaking) {
        conn->speaking = speaking;
        conn->more = 0;
        if (speaking == (conn->role == CLIENT ? WRITES : READS)) conn->untold = is_left_out(conn);
    } else if (conn->more <= MORE) {
        conn->more++;
    }
    if (conn->untold) return 0;
    if (conn->more <= MORE || conn->whole) return 1;
    count(LEFT_OUT);
    return 0;
}

// Whether what is not told has to be: a statement that is prepared will be executed by its name.
static __always_inline int must_be_told(struct conn *conn, u8 writes) {
    return conn->untold && conn->prepares && writes && !conn->more;
}

static __always_inline void tell(u64 key, struct conn *conn, struct call *call, u64 at, u32 length, u8 skipped) {
    if (!conn->announced) {
        conn->announced = 1;
        announce(OPENED, key, conn);
    }
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
    segment->at = at;
    segment->id = conn->id;
    segment->key = key;
    segment->length = whole;
    segment->writes = call->writes;
    segment->skipped = skipped;
    segment->tgid = conn->tgid;
    segment->fd = conn->fd;
    segment->head = bpf_probe_read_user(segment->data, head, (void *)from) ? 0 : head;
    segments.ringbuf_submit(segment, BPF_RB_NO_WAKEUP);
}

static __always_inline void add_bytes(struct conn *conn, u8 writes, u32 bytes) {
    // One thread speaks at a time, nearly always; a sum that two add to at once may miss one of them.
    if (writes)
        conn->sent += bytes;
    else
        conn->received += bytes;
}

// Whether what is said is encrypted, as a first record of TLS tells (RFC 8446, 5.1): of a handshake or, where the
// beginning was not seen, of data.
static __always_inline int is_encrypted(u64 key, struct conn *conn, struct call *call) {
    if (conn->looks >= LOOKS) return conn->looks == ENCRYPTED;
    conn->looks++;
    u8 head[3] = {};
    u64 from = call->buffer;
    if (call->vectors) bpf_probe_read_user(&from, sizeof from, (void *)call->buffer);
    bpf_probe_read_user(head, sizeof head, (void *)from);
    if ((head[0] != 22 && head[0] != 23) || head[1] != 3 || head[2] > 4) return 0;
    conn->looks = ENCRYPTED;
    conn->announced = 1;
    announce(ENCRYPTS, key, conn);
    return 1;
}

// What a process holds is not always closed when it ends.
AT_RAW_TRACEPOINT(sched_process_exit) {
    u64 thread = bpf_get_current_pid_tgid();
    if (thread >> 32 != (u32)thread) return 0;
    struct conn all = {.tgid = thread >> 32, .fd = -1};
    announce(EXITED, 0, &all);
    return 0;
}

#include "encryption.h"
