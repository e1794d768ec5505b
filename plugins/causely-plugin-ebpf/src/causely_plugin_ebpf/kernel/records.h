// What is kept of connections, and what the agent is told: structures, tables and rings, as in records.py.

#define HEAD 464          // bytes of each message that are read; with its ring's header a segment has 512
#define SET_WHEN_LOADED 1 // the agent makes these maps as large as it is configured
#define UNKNOWN 0
#define CLIENT 1
#define SERVER 2
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
    u8 unused;
    u32 tgid;
    s32 fd;
    u8 data[HEAD];
};

enum { OPENED, CLOSED, FAILED, EXITED, ENCRYPTS, EXECUTED };
enum { NEXT_ID, LOST_EVENTS, LOST_SEGMENTS, LEFT_OUT, UNCALLED_EVENTS, UNCALLED_SEGMENTS, COUNTERS };
enum { SAMPLED, TIMED, FAMILY_AT, PORT_AT, PROTOCOL_AT, SHARE_OF_OTHERS, CALL_AFTER_EVENTS, CALL_AFTER_SEGMENTS, SETTINGS };

BPF_TABLE("lru_hash", u64, struct conn, conns, SET_WHEN_LOADED);
BPF_TABLE("lru_hash", u32, u32, shares, 8192); // by process: how many of 2^32 requests are told; 0 for all
BPF_TABLE("lru_hash", u32, struct closed, closed, 8192); // by process
BPF_TABLE("lru_hash", u64, u8, known, 16384);  // kinds of events that the agent was called for, each with a process
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

// Flags for a record that is submitted. The agent reads when it has something to do anyway; it is called when a processor
// has added its part of a quarter of the room since it called last.
static __always_inline u64 calls(u32 uncalled, u32 after) {
    u64 *count = counters.lookup(&uncalled);
    if (!count || ++*count < setting(after)) return BPF_RB_NO_WAKEUP;
    *count = 0;
    return BPF_RB_FORCE_WAKEUP;
}

// Likewise, but at once for a process that begins, and for its first event of each kind: it may not be there for long.
static __always_inline u64 calls_for(u8 kind, u32 tgid) {
    u64 what = (u64)kind << 32 | tgid;
    u8 here = 1;
    if (kind != EXECUTED && (kind == EXITED || kind == CLOSED || known.lookup(&what)))
        return calls(UNCALLED_EVENTS, CALL_AFTER_EVENTS);
    known.update(&what, &here);
    return BPF_RB_FORCE_WAKEUP;
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
    if (event) events.ringbuf_submit(event, calls_for(kind, conn->tgid));
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
