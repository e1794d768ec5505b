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

#include "records.h"
#include "calls.h"

#define MORE 3            // segments told of one turn after its first, where no parser needs all
#define LOOKS 6           // messages after which a connection that was not encrypted will not be; some ask whether to
#define POSTGRESQL 1
#define MYSQL 2

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
        conn->share = share ? *share : setting(SHARE_OF_OTHERS);
        conn->shares_of = sampled;
    }
    return conn->share && bpf_get_prandom_u32() >= conn->share;
}

// Takes note of a turn. What follows an untold request until the next one is untold too; it is for the caller to see
// whether a request that is not drawn must be told nevertheless.
static __always_inline int is_told(struct conn *conn, u8 writes) {
    u8 speaking = writes ? WRITES : READS;
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

static __always_inline void tell(u64 key, struct conn *conn, struct call *call, u64 at, u32 length) {
    if (!conn->announced) {
        conn->announced = 1;
        announce(OPENED, key, conn);
    }
    struct segment *segment = segments.ringbuf_reserve(sizeof(struct segment));
    if (!segment) {
        count(LOST_SEGMENTS);
        return;
    }
    u32 head = call->vectors ? gather(segment->data, call, &length) : read_head(segment->data, call->buffer, length);
    segment->at = at;
    segment->id = conn->id;
    segment->key = key;
    segment->length = length;
    segment->writes = call->writes;
    segment->unused = 0;
    segment->tgid = conn->tgid;
    segment->fd = conn->fd;
    segment->head = head;
    segments.ringbuf_submit(segment, calls(UNCALLED_SEGMENTS, CALL_AFTER_SEGMENTS));
}

// Tells what was moved if it is drawn to be told, or has to be.
static __always_inline void tell_if(int told, u64 key, struct conn *conn, struct call *call, u32 bytes) {
    if (!told) {
        if (!must_be_told(conn, call->writes) || !is_preparing(conn->prepares, call)) return;
        conn->untold = 0;
    }
    tell(key, conn, call, moment(call->writes), bytes);
}

static __always_inline void add_bytes(struct conn *conn, u8 writes, u32 bytes) {
    // One thread speaks at a time, nearly always; a sum that two add to at once may miss one of them.
    if (writes)
        conn->sent += bytes;
    else
        conn->received += bytes;
}

// HTTP/2 begins with "PRI" (RFC 9113, 3.4): all that follows is to be told, before the agent can ask for it.
static __always_inline void look_for_preface(struct conn *conn, u8 *head) {
    if (head[0] == 'P' && head[1] == 'R' && head[2] == 'I') conn->whole = 1;
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
    look_for_preface(conn, head);
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

// A process runs another program.
AT_RAW_TRACEPOINT(sched_process_exec) {
    struct conn all = {.tgid = process(), .fd = -1};
    announce(EXECUTED, 0, &all);
    return 0;
}

#include "encryption.h"
