/* What is walked over and what walks reach. native/ground.py fills these structures in. */

#ifndef CAUSELY_GROUND_H
#define CAUSELY_GROUND_H

#include <math.h>
#include <stdint.h>

struct ground {
    int64_t nodes, rows;
    const int64_t *first, *stop;      /* by node: its arrows */
    const int32_t *head, *rule;       /* by arrow */
    const double *share;
    const int64_t *rule_cost;         /* by rule */
    const double *probability;
    const uint8_t *alike;
    const int32_t *number;            /* by node: 1 and more where active */
    const uint8_t *watched;
    const double *miss;
    const double *leak;               /* by number - 1 */
    const int64_t *begin;             /* by number - 1: where ``factor`` begins for the arrows of that symptom */
    const double *factor;             /* by arrow from a symptom to the same one, both seen: how plausible it is */
    const int64_t *dearer;            /* likewise: what it costs more */
    const int64_t *owner;             /* by node: its place */
    const int64_t *order, *base;      /* by place */
    int64_t limit, strength, ease, dimness, through_absent;
    double sure, dimmest;
    int32_t forward;
};

struct cells {
    int64_t count, room;
    int32_t *node, *number, *via, *rule, *depth;
    int64_t *cost;
    double *belief, *miss, *share;
};

/* fmin knows NaN, and is called for that. */
static inline double least(double one, double other) { return one < other ? one : other; }

/* ``term`` in whole ``parts``, of which there are fewer than 2^51 in it: adding and taking off this much rounds as rint
   does, which is a call. */
static inline double whole(double term, double parts) {
    const double much = 6755399441055744.0; /* 1.5 * 2^52 */
    return (term * parts + much - much) / parts;
}

/* Odds that what is seen of a state is seen when it is not there, to when it is. ``miss`` is the probability that it is
   not seen when it is there: 1 where nobody looks. */
static inline double odds(const struct ground *on, double miss, int64_t number) {
    return number ? on->leak[number - 1] / (1.0 - miss) : 1.0 / miss;
}

/* ``belief`` that a state is there, after looking at it. */
static inline double carried(double belief, double odds, double sure) {
    return least(belief / (belief + (1.0 - belief) * odds), sure);
}

#endif
