// What system calls move: from their registers, and from memory of the process.

#include "programs.h"
#include "registers.h"

#define PIECES 16         // that are put together of a message that lies in pieces
#define LAST_PIECE 255    // where the last of them begins at the latest, so that there is room for it

// A system call that has moved bytes.
struct call {
    u64 buffer;           // what was read or written, or an array of iovec; 0 where it is not in memory of the process
    u32 vectors;          // how many of these; 0 where it is the buffer itself
    s32 fd;
    u8 writes;
    u8 several;           // whether it counts messages, not bytes
};

static __always_inline int is_to_write(u64 number) {
    return number == __NR_write || number == __NR_writev || number == __NR_sendto || number == __NR_sendmsg ||
           number == __NR_sendmmsg;
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

// At most as many bytes as there may be at a place. The compiler is kept from taking away what the verifier must see.
#define AT_MOST(bytes, most)           \
    asm volatile("" : "+r"(bytes));    \
    if (bytes > (most)) bytes = (most); \
    asm volatile("" : "+r"(bytes))

static __always_inline u32 read_head(u8 *into, u64 from, u64 bytes) {
    AT_MOST(bytes, HEAD);
    return bpf_probe_read_user(into, bytes, (void *)from) ? 0 : bytes;
}

// The head of what lies in pieces. Of several messages the first is read, and its length told.
static __always_inline u32 gather(u8 *into, struct call *call, u32 *length) {
    struct iovec piece = {};
    bpf_probe_read_user(&piece, sizeof piece, (void *)call->buffer);
    if (call->several) *length = piece.iov_len;
    u64 bytes = piece.iov_len < *length ? piece.iov_len : *length;
    u64 at = read_head(into, (u64)piece.iov_base, bytes);
#pragma unroll
    for (int number = 1; number < PIECES; number++) {
        if (call->several || number >= call->vectors || at > LAST_PIECE || at >= *length || bytes < piece.iov_len) break;
        if (bpf_probe_read_user(&piece, sizeof piece, (void *)(call->buffer + number * sizeof piece))) break;
        bytes = piece.iov_len < *length - at ? piece.iov_len : *length - at;
        AT_MOST(bytes, HEAD - LAST_PIECE - 1);
        u64 place = at;
        AT_MOST(place, LAST_PIECE);
        if (bpf_probe_read_user(into + place, bytes, piece.iov_base)) break;
        at += bytes;
    }
    return at;
}
