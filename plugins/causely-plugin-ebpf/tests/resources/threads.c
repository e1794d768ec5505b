// threads KIND COUNT: threads that contend for a mutex, or wait for work that seldom comes; prints a line when they run.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static volatile long sum;

static void *contend(void *unused) {
    for (;;) {
        pthread_mutex_lock(&mutex);
        for (int i = 0; i < 20000; i++)
            sum++;
        pthread_mutex_unlock(&mutex);
    }
}

static void *stand_by(void *unused) {
    pthread_mutex_lock(&mutex);
    for (;;)
        pthread_cond_wait(&condition, &mutex);
}

int main(int count, char **words) {
    struct timespec tick = {0, 20000000};
    pthread_t thread;
    for (int i = 0; i < atoi(words[2]); i++)
        pthread_create(&thread, 0, strcmp(words[1], "contend") ? stand_by : contend, 0);
    puts("running");
    fflush(stdout);
    for (;;) {
        nanosleep(&tick, 0);
        pthread_cond_signal(&condition);
    }
}
