// Connections that are opened, say one request over HTTP, and are closed.
//
//   churn_load server PORT PROCESSES           answers until it is ended
//   churn_load client PORT RATE SECONDS        prints how many connections it has opened
//
// The client closes first and the server resets what is left, so that no port waits to be used again.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char REQUEST[] = "GET /churn HTTP/1.1\r\nHost: churn\r\n\r\n";
static const char ANSWER[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

static void must(int held, const char *what) {
    if (held) return;
    perror(what);
    exit(1);
}

static void serve(int listening) {
    struct linger reset = {.l_onoff = 1};
    char room[256];
    for (;;) {
        int held = accept(listening, NULL, NULL);
        if (held < 0) continue;
        if (read(held, room, sizeof room) > 0 && write(held, ANSWER, sizeof ANSWER - 1) > 0)
            while (read(held, room, sizeof room) > 0) {}
        setsockopt(held, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(held);
    }
}

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + at.tv_nsec / 1e9;
}

static long ask(struct sockaddr_in server, double rate, double seconds) {
    char room[256];
    long opened = 0;
    double begun = now(), passed = 0;
    while ((passed = now() - begun) < seconds) {
        double early = opened / rate - passed;
        if (early > 0) {
            usleep(early * 1e6);
            continue;
        }
        int held = socket(AF_INET, SOCK_STREAM, 0);
        must(held >= 0 && !connect(held, (void *)&server, sizeof server), "connect");
        must(write(held, REQUEST, sizeof REQUEST - 1) > 0, "write");
        must(read(held, room, sizeof room) > 0, "read");
        close(held);
        opened++;
    }
    return opened;
}

int main(int count, char **words) {
    must(count > 3, "usage: see the source");
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(atoi(words[2]))};
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (!strcmp(words[1], "client")) {
        printf("%ld\n", ask(place, atof(words[3]), atof(words[4])));
        return 0;
    }
    int listening = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    must(!bind(listening, (void *)&place, sizeof place) && !listen(listening, 4096), "listen");
    for (int others = atoi(words[3]) - 1; others > 0; others--)
        if (!fork()) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            break;
        }
    serve(listening);
}
