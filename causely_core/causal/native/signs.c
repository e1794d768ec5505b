/* Where candidates lead to active symptoms. candidates.py tells what signs are, siblings.py and onsets.py the rules. */

#include <stddef.h>

#include "ground.h"

struct signs {
    int32_t *number;                  /* by sign: of the active symptom, from 0 */
    int32_t *via;                     /* the node before it; -1 - row for direct effects */
    double *weight;
    uint8_t *own;                     /* whether the symptom is of the candidate's entity */
};

struct desk {
    uint64_t *seen;                   /* a bit for each active symptom: whether the walk reaches it; 0 between walks */
    int32_t *cell;                    /* by active symptom: where */
    int32_t *passed;                  /* by rule: to how many active symptoms it has passed; 0 between walks */
    double *again;                    /* by rule: factor on beliefs, for it has passed several times */
    int32_t *onward;                  /* by cell of a walk: to how many active symptoms it leads; 0 between walks */
    double *doubt;                    /* by cell of a walk: factor on beliefs, for they share the doubt whether it is */
    int32_t *active, *leading;        /* cells of a walk that are active, and that lead to such */
};

struct told {
    double again, parts, likely;      /* siblings._AGAIN, exact.UNITS, onsets._LIKELY */
    const double *spreading;          /* by active symptom, see absences.py */
    const double *onset;
    const int64_t *place;             /* by walk: of the candidate's entity */
};

/* Count what a walk shows, by symptom, rule and the cell before, and reckon the factors. Branches that half of the cells
   take cost more than all that is done here, so the active cells are gathered without one. */
static void lay_out(const struct ground *on, const struct cells *c, int64_t begin, int64_t end, double again,
                    struct desk *desk) {
    int64_t active = 0, leading = 0;
    for (int64_t cell = begin; cell < end; cell++) {
        desk->active[active] = (int32_t)cell;
        active += c->number[cell] > 0;
    }
    for (int64_t each = 0; each < active; each++) {
        int32_t cell = desk->active[each], number = c->number[cell] - 1, rule = c->rule[cell];
        desk->seen[number >> 6] |= (uint64_t)1 << (number & 63);
        desk->cell[number] = cell;
        if (rule < 0) continue;
        int32_t before = c->via[cell] - (int32_t)begin;
        desk->passed[rule]++;
        if (!desk->onward[before]++) desk->leading[leading++] = before;
    }
    for (int64_t each = 0; each < active; each++) {
        int32_t rule = c->rule[desk->active[each]], passed = rule < 0 ? 0 : desk->passed[rule];
        if (!passed) continue;
        double exponent = (1.0 + (passed - 1) * again) / passed - 1.0;
        desk->again[rule] = passed == 1 ? 1.0 : exp(exponent * log(on->probability[rule]));
        desk->passed[rule] = 0;
    }
    for (int64_t each = 0; each < leading; each++) {
        int64_t before = desk->leading[each], cell = begin + before;
        double there = carried(c->belief[cell], odds(on, c->miss[cell], c->number[cell]), on->sure);
        int32_t onward = desk->onward[before];
        desk->doubt[before] = onward == 1 ? 1.0 : exp((1.0 / onward - 1.0) * log(there));
        desk->onward[before] = 0;
    }
}

/* The signs of each walk, by symptom; those of walk i are ``first[i]:first[i + 1]``. ``own`` and ``caused`` become the
   earliest onsets of what each shows directly, and of what it likely shows beyond; infinite where there is nothing. */
void signs(const struct ground *on, int64_t walks, const int64_t *offsets, const struct cells *c, int64_t active,
           const struct told *told, struct desk *desk, int64_t *first, struct signs *signs, double *own,
           double *caused) {
    int64_t sign = 0;
    for (int64_t walk = 0; walk < walks; walk++) {
        int64_t begin = offsets[walk], end = offsets[walk + 1];
        first[walk] = sign;
        own[walk] = caused[walk] = INFINITY;
        lay_out(on, c, begin, end, told->again, desk);
        for (int64_t word = 0; word <= (active - 1) >> 6; word++)
            for (; desk->seen[word]; desk->seen[word] &= desk->seen[word] - 1) {
                int64_t number = (word << 6) + __builtin_ctzll(desk->seen[word]), cell = desk->cell[number];
                int64_t via = c->via[cell];
                double belief = c->belief[cell];
                double *earliest = via < 0 ? own + walk : belief >= told->likely ? caused + walk : NULL;
                if (earliest) *earliest = least(*earliest, told->onset[number]);
                if (via >= 0) belief *= desk->again[c->rule[cell]] * desk->doubt[via - begin];
                double seen = least(belief, on->sure) * (1.0 - c->miss[cell]) * told->spreading[number];
                signs->number[sign] = (int32_t)number;
                signs->via[sign] = via < 0 ? (int32_t)(-1 - walk) : c->node[via];
                signs->weight[sign] = whole(-log(1.0 - seen), told->parts);
                signs->own[sign++] = on->owner[c->node[cell]] == told->place[walk];
            }
    }
    first[walks] = sign;
}
