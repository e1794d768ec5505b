/* Walks over the causal graph: strongest paths by rounds of arrows. See kernel.py for what goes in and comes out.

   In each round every cell that was reached at less cost is left by all its arrows. A cell takes the cheapest of what
   comes to it in a round, if that is cheaper than what came before; of equal ones that whose last node is first by id.
   So a path of fewer arrows wins over one of the same cost, and nothing depends on the order of the arrays. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct ground {
    int64_t nodes, rows;
    const int64_t *first, *stop;      /* by node: its arrows */
    const int32_t *head, *rule;       /* by arrow */
    const int64_t *rule_cost;         /* by rule */
    const double *probability;
    const uint8_t *alike;
    const int64_t *number;            /* by node: 1 and more where active */
    const uint8_t *watched;
    const double *miss;
    const double *leak;               /* by number - 1 */
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
    int64_t *node, *cost, *via, *arrow, *depth;
    double *belief;
};

struct step {
    int64_t cell, node, cost;
    double belief;
};

struct steps {
    int64_t count, room;
    struct step *at;
};

struct walker {
    const struct ground *on;
    struct cells *cells;
    int32_t *slot;                    /* by node: its cell in this walk, counted from 1 */
    int64_t begin, round;
    struct steps now, next;
    int failed;
};

static int grown(void **column, int64_t room, size_t size) {
    void *larger = realloc(*column, (size_t)room * size);
    if (larger) *column = larger;
    return larger != NULL;
}

static int64_t added(struct walker *w, int64_t node) {
    struct cells *c = w->cells;
    if (c->count == c->room) {
        int64_t room = c->room ? 2 * c->room : 4096;
        if (!grown((void **)&c->node, room, 8) || !grown((void **)&c->cost, room, 8) ||
            !grown((void **)&c->via, room, 8) || !grown((void **)&c->arrow, room, 8) ||
            !grown((void **)&c->depth, room, 8) || !grown((void **)&c->belief, room, 8)) {
            w->failed = 1;
            return -1;
        }
        c->room = room;
    }
    c->node[c->count] = node;
    c->cost[c->count] = w->on->limit + 1;
    c->depth[c->count] = -1;
    w->slot[node] = (int32_t)(c->count - w->begin + 1);
    return c->count++;
}

static int64_t rank(const struct walker *w, int64_t cell) {
    int64_t node = w->cells->node[cell], place = w->on->owner[node];
    return w->on->order[place] + node - w->on->base[place];
}

/* Let a way come to ``node``. What a cell had before this round is still in its step of the round before. */
static void offer(struct walker *w, int64_t node, int64_t cost, double belief, int64_t via, int64_t arrow) {
    struct cells *c = w->cells;
    int64_t cell = w->slot[node] ? w->begin + w->slot[node] - 1 : added(w, node);
    if (cell < 0 || cost > c->cost[cell]) return;
    int settled = c->depth[cell] == w->round; /* by a way of this round */
    if (cost == c->cost[cell] && !(settled && via >= 0 && rank(w, via) < rank(w, c->via[cell]))) return;
    if (!settled) {
        struct steps *next = &w->next;
        if (next->count == next->room) {
            int64_t room = next->room ? 2 * next->room : 256;
            if (!grown((void **)&next->at, room, sizeof(struct step))) {
                w->failed = 1;
                return;
            }
            next->room = room;
        }
        next->at[next->count++].cell = cell;
    }
    c->cost[cell] = cost;
    c->belief[cell] = belief;
    c->via[cell] = via;
    c->arrow[cell] = arrow;
    c->depth[cell] = w->round;
}

static void onward(struct walker *w, const struct step *step) {
    const struct ground *on = w->on;
    int64_t node = step->node, seen = on->number[node];
    if (node >= on->rows) return;
    int absent = on->watched[node] && !seen;
    double miss = on->miss[node];
    double odds = seen ? on->leak[seen - 1] / (1.0 - miss) : absent ? 1.0 / miss : 1.0;
    double belief = fmin(step->belief / (step->belief + (1.0 - step->belief) * odds), on->sure);
    int64_t passed = step->cost + (int64_t)rint(fmin(odds, on->dimmest) * (double)on->dimness);
    if (absent) passed += on->through_absent;
    for (int64_t arrow = on->first[node]; arrow < on->stop[node]; arrow++) {
        int64_t head = on->head[arrow], rule = on->rule[arrow];
        int64_t cause = on->forward ? seen : on->number[head], effect = on->forward ? on->number[head] : seen;
        int64_t cost = on->rule_cost[rule];
        double chance = on->probability[rule];
        if (effect) {
            cost /= on->ease * on->strength;
            cost = (cost > 1 ? cost : 1) * on->strength;
            if (cause && on->alike[rule]) {
                chance *= on->factor[arrow];
                cost += on->dearer[arrow];
            }
        }
        if (passed + cost <= on->limit) offer(w, head, passed + cost, belief * chance, step->cell, arrow);
    }
}

static void begin_round(struct walker *w) {
    struct steps settled = w->next;
    w->next = w->now;
    w->next.count = 0;
    for (int64_t at = 0; at < settled.count; at++) {
        struct step *step = &settled.at[at];
        step->node = w->cells->node[step->cell];
        step->cost = w->cells->cost[step->cell];
        step->belief = w->cells->belief[step->cell];
    }
    w->now = settled;
    w->round++;
}

/* Walk from ``starts`` starts, ascending by ``walk``; cells of walk i are ``offsets[i]:offsets[i + 1]``.
   Returns 0, or 1 when there is no memory left. */
int walk(const struct ground *on, int64_t starts, const int64_t *walk, const int64_t *node, const int64_t *cost,
         const double *belief, int64_t walks, int64_t *offsets, struct cells *cells) {
    struct walker w = {on, cells, calloc((size_t)(on->nodes + 1), sizeof(int32_t)), 0, 0, {0}, {0}, 0};
    w.failed = w.slot == NULL;
    int64_t start = 0;
    for (int64_t each = 0; each < walks && !w.failed; each++) {
        offsets[each] = w.begin = cells->count;
        w.round = w.next.count = 0;
        for (; start < starts && walk[start] == each; start++)
            if (cost[start] <= on->limit) offer(&w, node[start], cost[start], belief[start], -1, -1);
        while (w.next.count && !w.failed) {
            begin_round(&w);
            for (int64_t at = 0; at < w.now.count && !w.failed; at++) onward(&w, &w.now.at[at]);
        }
        for (int64_t cell = w.begin; cell < cells->count; cell++) w.slot[cells->node[cell]] = 0;
    }
    offsets[walks] = cells->count;
    free(w.slot);
    free(w.now.at);
    free(w.next.at);
    return w.failed;
}

/* What each walk's absences say, told along its tree from the deepest cells up; absences.py gives the formulas.
   ``below`` and ``followed`` are zero, one a cell; ``share`` is one an arrow. Terms are rounded to whole ``parts``, so
   that sums do not depend on their order. */
void absences(const struct ground *on, const double *share, int64_t walks, const int64_t *offsets,
              const struct cells *cells, double far, double parts, double *below, uint8_t *followed, double *said) {
    for (int64_t walk = 0; walk < walks; walk++) {
        int64_t deepest = 0, begin = offsets[walk], end = offsets[walk + 1];
        for (int64_t cell = begin; cell < end; cell++)
            if (cells->depth[cell] > deepest) deepest = cells->depth[cell];
        for (int64_t depth = deepest; depth >= 0; depth--)
            for (int64_t cell = begin; cell < end; cell++) {
                if (cells->depth[cell] != depth) continue;
                int64_t node = cells->node[cell], via = cells->via[cell], arrow = cells->arrow[cell];
                int active = on->number[node] > 0;
                double chance = arrow < 0 ? cells->belief[cell] : on->probability[on->rule[arrow]];
                double miss = on->watched[node] && !active ? on->miss[node] : 1.0, told;
                if (active || followed[cell])
                    told = active ? 0.0 : log1p(chance * (miss - 1.0)) + below[cell];
                else
                    told = (arrow < 0 ? 1.0 : share[arrow]) * log1p(chance * (miss * exp(below[cell]) - 1.0));
                if (via < 0) {
                    said[walk] += rint(told * parts) / parts;
                } else {
                    below[via] += rint(far * told * parts) / parts;
                    followed[via] |= active || followed[cell];
                }
            }
    }
}

void release(struct cells *cells) {
    free(cells->node);
    free(cells->cost);
    free(cells->via);
    free(cells->arrow);
    free(cells->depth);
    free(cells->belief);
    memset(cells, 0, sizeof *cells);
}
