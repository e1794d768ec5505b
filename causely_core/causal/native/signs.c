/* Where a candidate leads to active symptoms; signs.py gives the formulas, onsets.py what onsets say. */

#include <stddef.h>

#include "weigh.h"

/* Count what a walk shows, by symptom, rule and the cell before, and reckon the factors. Branches that half of the
   cells take cost more than all that is done here, so the active cells are gathered without one. */
static void lay_out(const struct ground *on, const struct cells *c, double again, struct desk *desk) {
    int64_t active = 0, leading = 0;
    for (int32_t cell = 0; cell < c->count; cell++) {
        desk->active[active] = cell;
        active += c->number[cell] > 0;
    }
    for (int64_t each = 0; each < active; each++) {
        int32_t cell = desk->active[each], number = c->number[cell] - 1, rule = c->rule[cell];
        desk->seen[number >> 6] |= (uint64_t)1 << (number & 63);
        desk->cell[number] = cell;
        if (rule < 0) continue;
        int32_t before = c->via[cell];
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
        int32_t cell = desk->leading[each], onward = desk->onward[cell];
        double there = carried(c->belief[cell], odds(on, c->miss[cell], c->number[cell]), on->sure);
        desk->doubt[cell] = onward == 1 ? 1.0 : exp((1.0 / onward - 1.0) * log(there));
        desk->onward[cell] = 0;
    }
}

void signs_of(const struct ground *on, const struct cells *c, const struct scale *scale, int64_t active, int64_t place,
              struct desk *desk, struct signs *signs, double *own, double *caused) {
    *own = *caused = INFINITY;
    lay_out(on, c, scale->again, desk);
    for (int64_t word = 0; word <= (active - 1) >> 6; word++)
        for (; desk->seen[word]; desk->seen[word] &= desk->seen[word] - 1) {
            int32_t number = (int32_t)(word << 6) + __builtin_ctzll(desk->seen[word]), cell = desk->cell[number];
            int32_t via = c->via[cell];
            double belief = c->belief[cell];
            double *earliest = via < 0 ? own : belief >= scale->likely ? caused : NULL;
            if (earliest) *earliest = least(*earliest, scale->onset[number]);
            if (via >= 0) belief *= desk->again[c->rule[cell]] * desk->doubt[via];
            double seen = least(belief, on->sure) * (1.0 - c->miss[cell]) * scale->spreading[number];
            signs->number[signs->count] = number;
            signs->via[signs->count] = via < 0 ? -1 : c->node[via];
            signs->weight[signs->count] = whole(-log(1.0 - seen), scale->parts);
            signs->own[signs->count++] = on->owner[c->node[cell]] == place;
        }
}
