/* What no set of causes can exceed, told from how little more can be gained where much is covered already. */

#ifndef CAUSELY_BOUNDS_H
#define CAUSELY_BOUNDS_H

#include "problem.h"

/* From one coverage that is taken as given. */
struct bound {
    double evidence;
    double *gains;                    /* by candidate, beyond the coverage */
    double with;                      /* of the set at hand, like what follows: with its members */
    double highest, after;            /* the largest gain of the candidates asked for so far, and the sum of them */
};

struct bounds {
    int64_t count;
    struct bound *at;
};

/* None with ``count`` 0 when there is no memory left. ``used`` is the weight that the best set has on each way, of
   which each bound takes a part as given. */
struct bounds bounds_of(const struct problem *on, const double *used, int64_t count, const double *parts,
                        const struct slate *slate);
void bounds_free(struct bounds *bounds);

/* Ask for the supersets of ``members`` next. */
void bounds_with(struct bounds *bounds, const int32_t *members, int64_t count);

/* What no set of the members, ``candidate`` and one or more of those asked for before can exceed. */
double bounds_next(struct bounds *bounds, int32_t candidate);

#endif
