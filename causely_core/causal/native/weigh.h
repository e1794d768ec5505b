/* What one walk says of the cause that it starts from. */

#ifndef CAUSELY_WEIGH_H
#define CAUSELY_WEIGH_H

#include "ground.h"

struct scale {
    double far, parts;                /* absences.FAR, exact.UNITS */
    double again, likely;             /* signs._AGAIN, onsets.LIKELY */
    const double *spreading, *onset;  /* by active symptom, see absences.py */
};

struct signs {
    int64_t count, room;
    int32_t *number;                  /* by sign: of the active symptom, from 0 */
    int32_t *via;                     /* the node before it; -1 for direct effects */
    double *weight;
    uint8_t *own;                     /* whether the symptom is of the candidate's entity */
};

/* Room for what is reckoned of one walk; zeros where told. */
struct desk {
    uint64_t *seen;                   /* a bit for each active symptom: whether the walk reaches it; 0 between walks */
    int32_t *cell;                    /* by active symptom: where */
    int32_t *passed;                  /* by rule: to how many active symptoms it has passed; 0 between walks */
    double *again;                    /* by rule: factor on beliefs, for it has passed several times */
    int64_t room;                     /* of what follows: for so many cells */
    int32_t *onward;                  /* by cell: to how many active symptoms it leads; 0 between walks */
    double *doubt;                    /* by cell: factor on beliefs, for they share the doubt whether it is */
    int32_t *active, *leading;        /* cells that are active, and that lead to such */
    int32_t *newest, *older;          /* by depth and by cell: the cells of one depth are a chain */
    double *below;                    /* by cell: log likelihood of what is absent beyond it */
    uint8_t *followed;                /* by cell: whether something active follows */
};

/* The log likelihood of the absences among ``cells``. */
double absence_of(const struct ground *on, const struct cells *cells, const struct scale *scale, struct desk *desk);

/* Add the signs among ``cells``, of a candidate on the entity at ``place``, by symptom. ``own`` and ``caused``
   become the earliest onsets of what it shows directly, and of what it likely shows beyond; infinite where there is
   nothing. There is room for as many signs as cells. */
void signs_of(const struct ground *on, const struct cells *cells, const struct scale *scale, int64_t active,
              int64_t place, struct desk *desk, struct signs *signs, double *own, double *caused);

#endif
