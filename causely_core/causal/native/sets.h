/* Sets of candidates that a search has weighed. */

#ifndef CAUSELY_SETS_H
#define CAUSELY_SETS_H

#include <stdint.h>

struct set {
    uint64_t mark;                    /* the sum of its members' marks */
    int64_t count;
    int32_t *members;                 /* ascending */
    double score;                     /* against the empty set, nats */
    double *gains;                    /* by candidate: by how much the score grows; minus infinity for members */
    int64_t left;
    int32_t *rest;                    /* candidates that may be added, most gain first; none before it is branched */
};

struct sets {
    int64_t count, room;
    struct set *at;
};

/* A random number for each candidate, so that sums tell sets apart (splitmix64's mixing). */
static inline uint64_t mark_of(int64_t candidate) {
    uint64_t mark = (uint64_t)(candidate + 1) * 0x9E3779B97F4A7C15u;
    mark = (mark ^ mark >> 30) * 0xBF58476D1CE4E5B9u;
    mark = (mark ^ mark >> 27) * 0x94D049BB133111EBu;
    return mark ^ mark >> 31;
}

/* The ``probability`` of each candidate over all ``sets`` and those larger by one, each counted once and none that is
   ``negligible`` nats or more below the ``best`` score. Returns 0, or 1 when there is no memory left. */
int posterior(const struct sets *sets, int64_t candidates, double best, double negligible, double *probability);

#endif
