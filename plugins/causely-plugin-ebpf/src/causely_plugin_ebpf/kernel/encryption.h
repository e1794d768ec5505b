// What is said over encrypted connections, as processes hand it over before it is encrypted, and get it afterwards.
//
// Which connection it is for, sockets tell: bytes of one move within the call of the library that encrypts, or have just
// moved. A session of the library's that was met before is known again.

struct session {
    u64 at;               // where the process has it
    u64 tgid;
};

BPF_TABLE("lru_hash", struct session, u64, sessions, SET_WHEN_LOADED);

static __always_inline u64 key_of_session(u64 at) {
    struct session session = {.at = at, .tgid = process()};
    u64 *known = sessions.lookup(&session);
    return known ? *known : 0;
}

static __always_inline void note_session(u64 at, u64 key) {
    if (key_of_session(at) == key) return;
    struct session session = {.at = at, .tgid = process()};
    sessions.update(&session, &key);
}

#define SHAKEN 32768      // bytes of both ends, after which hands have been shaken and something was said

static __always_inline void tell_plain(u64 key, u8 writes, u64 at, u64 buffer, u64 bytes) {
    struct conn *conn = conns.lookup(&key);
    u8 head[3] = {};
    if (!conn || conn->muted) return;
    if (conn->sent + conn->received < SHAKEN && !bpf_probe_read_user(head, sizeof head, (void *)buffer))
        look_for_preface(conn, head);
    if (!is_told(conn, writes)) return;
    struct call moved = {.buffer = buffer, .writes = writes};
    tell(key, conn, &moved, at, bytes);
}

#include "openssl.h"
#include "go_tls.h"

// A thread has moved bytes of an encrypted connection; `registers` are what its system call has left.
static __always_inline void pass_by(u64 key, u64 registers, u8 writes) {
    note_used(key);
    goroutine_moved(key, goroutine_at(registers), writes);
}
