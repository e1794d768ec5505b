/* The posterior of each candidate over the sets of causes that a search has met. */

#include <math.h>
#include <stdlib.h>

#include "sets.h"

/* Whether ``mark`` is new in the hash table ``met`` of ``mask + 1``, where 0 is an empty place; it is there then. */
static int is_new(uint64_t *met, uint64_t mask, uint64_t mark) {
    uint64_t at = mark & mask;
    mark += !mark;
    while (met[at] && met[at] != mark) at = (at + 1) & mask;
    if (met[at]) return 0;
    met[at] = mark;
    return 1;
}

int posterior(const struct sets *sets, int64_t candidates, double best, double negligible, double *probability) {
    int64_t near = 0;
    for (int64_t at = 0; at < sets->count; at++)
        for (int64_t each = 0; each <= candidates; each++)
            near += each == candidates || sets->at[at].score + sets->at[at].gains[each] > best - negligible;
    uint64_t mask = 1;
    while (mask < 2 * (uint64_t)near) mask = mask << 1 | 1;
    uint64_t *met = calloc(mask + 1, sizeof *met);
    if (!met) return 1;
    double total = 0.0;
    for (int64_t each = 0; each < candidates; each++) probability[each] = 0.0;
    for (int64_t at = 0; at < sets->count; at++) {
        const struct set *set = sets->at + at;
        double shared = 0.0;
        for (int64_t each = 0; each <= candidates; each++) {
            int itself = each == candidates;
            double score = set->score + (itself ? 0.0 : set->gains[each]);
            if (score <= best - negligible) continue;
            if (!is_new(met, mask, set->mark + (itself ? 0 : mark_of(each)))) continue;
            double mass = exp(score - best);
            if (!itself) probability[each] += mass;
            shared += mass;
        }
        for (int64_t each = 0; each < set->count; each++) probability[set->members[each]] += shared;
        total += shared;
    }
    for (int64_t each = 0; each < candidates; each++) probability[each] /= total;
    free(met);
    return 0;
}
