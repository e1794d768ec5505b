/* Walks over the causal graph: strongest paths by rounds of arrows.

   In each round every cell that was reached at less cost is left by all its arrows. A cell takes the cheapest of what
   comes to it in a round, if that is cheaper than what came before; of equal ones that whose last node is first by id.
   So a path of fewer arrows wins over one of the same cost, and nothing depends on the order of the arrows. */

#include <stdlib.h>
#include <string.h>

#include "room.h"
#include "walker.h"

struct step {
    int64_t cell, cost;
    double belief;
};

struct steps {
    int64_t count, room;
    struct step *at;
};

/* An arrow as the walks pass it, all that is seen considered. */
struct way {
    int32_t head;                     /* a spot */
    int32_t rule;
    int64_t cost;
    double chance, share;
};

/* A node that any of the walks has come to. Walks come to few nodes, and to these many times: what they need of a node
   is reckoned once and kept together. */
struct spot {
    int32_t node, number;
    int32_t first, stop;              /* its ways; -1 before any walk has left it */
    int64_t rank;                     /* by id */
    int64_t passing;                  /* what a path costs more that goes on through it */
    double miss, odds;                /* see odds() */
};

struct known {
    int32_t node, spot;               /* the spot is counted from 1, and 0 where nothing is */
};

struct walker {
    const struct ground *on;
    struct cells *cells;
    struct known *known;              /* a hash table of ``known_room``, a power of two, at most half full */
    int64_t known_room;
    int32_t *spot;                    /* by cell of the walk under way */
    int64_t spot_room;
    struct spot *spots;
    int64_t spots_count, spots_room;
    int32_t *cell;                    /* by spot: its cell in the walk under way, from 1; 0 where that has not come */
    int64_t cell_room;
    struct way *ways;
    int64_t ways_count, ways_room;
    int64_t begin, round;
    struct steps now, next;
    int failed;
};

int cells_resize(struct cells *c, int64_t room) {
    c->room = room;
    return RESIZED(c->node, room) && RESIZED(c->number, room) &&
           RESIZED(c->via, room) && RESIZED(c->rule, room) &&
           RESIZED(c->depth, room) && RESIZED(c->cost, room) &&
           RESIZED(c->belief, room) && RESIZED(c->miss, room) &&
           RESIZED(c->share, room);
}

void cells_free(struct cells *c) {
    free(c->node);
    free(c->number);
    free(c->via);
    free(c->rule);
    free(c->depth);
    free(c->cost);
    free(c->belief);
    free(c->miss);
    free(c->share);
    memset(c, 0, sizeof *c);
}

/* Where ``node`` is known, or would be. */
static struct known *known(const struct walker *w, int64_t node) {
    uint64_t mask = (uint64_t)w->known_room - 1, at = ((uint64_t)node * 0x9E3779B97F4A7C15u) >> 20 & mask;
    while (w->known[at].spot && w->known[at].node != node) at = (at + 1) & mask;
    return w->known + at;
}

static int know_more(struct walker *w) {
    struct known *before = w->known;
    int64_t room = w->known_room;
    w->known_room = room ? 4 * room : 1024;
    w->known = calloc((size_t)w->known_room, sizeof *w->known);
    for (int64_t at = 0; at < room && w->known; at++)
        if (before[at].spot) *known(w, before[at].node) = before[at];
    free(before);
    return w->known != NULL;
}

static int32_t spot_of(struct walker *w, int64_t node) {
    const struct ground *on = w->on;
    struct known *where = known(w, node);
    if (where->spot) return where->spot - 1;
    if (!ROOM_FOR(w->spots, w->spots_count, w->spots_room) ||
        !ROOM_FOR(w->cell, w->spots_count, w->cell_room)) {
        w->failed = 1;
        return -1;
    }
    struct spot *spot = w->spots + w->spots_count;
    int64_t number = on->number[node], place = on->owner[node];
    spot->node = (int32_t)node;
    spot->number = (int32_t)number;
    spot->first = node < on->rows ? -1 : 0;
    spot->stop = w->cell[w->spots_count] = 0;
    spot->rank = on->order[place] + node - on->base[place];
    spot->miss = number || on->watched[node] ? on->miss[node] : 1.0;
    spot->odds = odds(on, spot->miss, number);
    spot->passing = (int64_t)rint(least(spot->odds, on->dimmest) * (double)on->dimness);
    if (on->watched[node] && !number) spot->passing += on->through_absent;
    *where = (struct known){(int32_t)node, (int32_t)++w->spots_count};
    if (2 * w->spots_count > w->known_room && !know_more(w)) w->failed = 1;
    return w->failed ? -1 : (int32_t)(w->spots_count - 1);
}

/* Reckon the ways that leave ``from``. */
static void reckon(struct walker *w, int32_t from) {
    const struct ground *on = w->on;
    int64_t node = w->spots[from].node, here = w->spots[from].number;
    int64_t shift = here ? on->begin[here - 1] - on->first[node] : 0;
    w->spots[from].first = (int32_t)w->ways_count;
    for (int64_t arrow = on->first[node]; arrow < on->stop[node] && !w->failed; arrow++) {
        int32_t head = spot_of(w, on->head[arrow]), rule = on->rule[arrow];
        if (head < 0 || !ROOM_FOR(w->ways, w->ways_count, w->ways_room)) {
            w->failed = 1;
            return;
        }
        struct way way = {head, rule, on->rule_cost[rule], on->probability[rule], on->share[arrow]};
        int64_t there = w->spots[head].number;
        if (on->forward ? there : here) { /* the effect is seen */
            way.cost /= on->ease * on->strength;
            way.cost = (way.cost > 1 ? way.cost : 1) * on->strength;
        }
        if (here && there && on->alike[rule]) {
            way.chance *= on->factor[arrow + shift];
            way.cost += on->dearer[arrow + shift];
        }
        w->ways[w->ways_count++] = way;
    }
    w->spots[from].stop = (int32_t)w->ways_count;
}

static int64_t added(struct walker *w, int32_t at) {
    struct cells *c = w->cells;
    int64_t own = c->count - w->begin;
    if ((c->count == c->room && !cells_resize(c, c->room ? 2 * c->room : 1024)) ||
        !ROOM_FOR(w->spot, own, w->spot_room)) {
        w->failed = 1;
        return -1;
    }
    c->node[c->count] = w->spots[at].node;
    c->number[c->count] = w->spots[at].number;
    c->miss[c->count] = w->spots[at].miss;
    c->cost[c->count] = w->on->limit + 1;
    c->depth[c->count] = -1;
    w->spot[own] = at;
    w->cell[at] = (int32_t)own + 1;
    return c->count++;
}

static int64_t rank(const struct walker *w, int64_t cell) { return w->spots[w->spot[cell - w->begin]].rank; }

/* Let a way come to the spot ``at``. What a cell had before this round is still in its step of the round before. */
static void offer(struct walker *w, const struct way *way, int64_t cost, double belief, int64_t via) {
    int32_t at = way->head;
    struct cells *c = w->cells;
    int64_t cell = w->cell[at] ? w->begin + w->cell[at] - 1 : added(w, at);
    if (cell < 0 || cost > c->cost[cell]) return;
    int settled = c->depth[cell] == w->round; /* by a way of this round */
    if (cost == c->cost[cell] && !(settled && via >= 0 && rank(w, via) < rank(w, c->via[cell]))) return;
    if (!settled) {
        struct steps *next = &w->next;
        if (!ROOM_FOR(next->at, next->count, next->room)) {
            w->failed = 1;
            return;
        }
        next->at[next->count++].cell = cell;
    }
    c->cost[cell] = cost;
    c->belief[cell] = belief;
    c->via[cell] = (int32_t)via;
    c->rule[cell] = way->rule;
    c->share[cell] = way->share;
    c->depth[cell] = (int32_t)w->round;
}

static void onward(struct walker *w, const struct step *step) {
    int32_t from = w->spot[step->cell - w->begin];
    if (w->spots[from].first < 0) reckon(w, from);
    if (w->failed) return;
    double belief = carried(step->belief, w->spots[from].odds, w->on->sure);
    int64_t left = w->on->limit - step->cost - w->spots[from].passing;
    const struct way *stop = w->ways + w->spots[from].stop;
    for (const struct way *way = w->ways + w->spots[from].first; way < stop; way++)
        if (way->cost <= left) offer(w, way, w->on->limit - left + way->cost, belief * way->chance, step->cell);
}

static void begin_round(struct walker *w) {
    struct steps settled = w->next;
    w->next = w->now;
    w->next.count = 0;
    for (int64_t at = 0; at < settled.count; at++) {
        struct step *step = &settled.at[at];
        step->cost = w->cells->cost[step->cell];
        step->belief = w->cells->belief[step->cell];
    }
    w->now = settled;
    w->round++;
}

struct walker *walker_on(const struct ground *on, struct cells *cells) {
    struct walker *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->on = on;
    w->cells = cells;
    if (know_more(w)) return w;
    free(w);
    return NULL;
}

int walk_from(struct walker *w, int64_t starts, const int64_t *node, const int64_t *cost, const double *belief) {
    struct cells *c = w->cells;
    w->begin = c->count;
    w->round = w->next.count = 0;
    for (int64_t start = 0; start < starts && !w->failed; start++) {
        struct way own = {spot_of(w, node[start]), -1, cost[start], belief[start], 1.0};
        if (own.head >= 0 && own.cost <= w->on->limit) offer(w, &own, own.cost, own.chance, -1);
    }
    while (w->next.count && !w->failed) {
        begin_round(w);
        for (int64_t at = 0; at < w->now.count && !w->failed; at++) onward(w, &w->now.at[at]);
    }
    for (int64_t cell = w->begin; cell < c->count; cell++) w->cell[w->spot[cell - w->begin]] = 0;
    return w->failed;
}

void walker_free(struct walker *w) {
    if (!w) return;
    free(w->known);
    free(w->spot);
    free(w->spots);
    free(w->cell);
    free(w->ways);
    free(w->now.at);
    free(w->next.at);
    free(w);
}

/* Walk ``walks`` times, the starts of walk i being ``first[i]:first[i + 1]``; its cells are ``offsets[i]:offsets[i +
   1]``. The columns of ``cells`` are the caller's to free. Returns 0, or 1 when there is no memory left. */
int walk(const struct ground *on, int64_t walks, const int64_t *first, const int64_t *node, const int64_t *cost,
         const double *belief, int64_t *offsets, struct cells *cells) {
    struct walker *w = walker_on(on, cells);
    int failed = w == NULL;
    for (int64_t each = 0; each < walks && !failed; each++) {
        int64_t start = first[each];
        offsets[each] = cells->count;
        failed = walk_from(w, first[each + 1] - start, node + start, cost + start, belief + start);
    }
    offsets[walks] = cells->count;
    walker_free(w);
    return failed || (cells->count && !cells_resize(cells, cells->count));
}

void release(void *column) { free(column); }
