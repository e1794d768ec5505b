/* Searching the best set of causes: greedy with local search, then branch and bound; search.py tells how and why. */

#include <math.h>
#include <string.h>

#include "bounds.h"
#include "queue.h"
#include "sets.h"

struct effort {
    int64_t budget;                   /* links that branch and bound may weigh, over all sets */
    double slack, epsilon, negligible;
    int64_t givens;
    const double *given;              /* parts of what the best set covers that bounds take as given */
};

struct found {
    int64_t count;
    int32_t *members;                 /* room for all candidates */
    double score, gap;
    double *probability;              /* by candidate */
};

struct ranked {
    double gain;
    int32_t at, candidate;
};

struct search {
    const struct problem *on;
    const struct effort *effort;
    struct found *found;
    struct sets sets;
    struct queue queue;
    int64_t moves;                    /* of the best set */
    int64_t weighed;                  /* links, by branch and bound */
    int64_t again;                    /* sets that may be asked for again: those of the climb */
    struct slate slate;
    double *used;                     /* by way */
    double *most;                     /* room for one a candidate, like all that follows */
    struct ranked *ranked;
    int32_t *larger, *members, *fewer, *everyone;
    int failed;
};

/* Whether one set has fewer members than the ``other``, or as many and comes first. */
static int before(const int32_t *one, int64_t count, const int32_t *other, int64_t against) {
    if (count != against) return count < against;
    int64_t each = 0;
    while (each < count && one[each] == other[each]) each++;
    return each < count && one[each] < other[each];
}

static void meet(struct search *s, const int32_t *members, int64_t count, double score) {
    struct found *best = s->found;
    double epsilon = s->effort->epsilon;
    if (score <= best->score - epsilon) return;
    if (score <= best->score + epsilon && !before(members, count, best->members, best->count)) return;
    memcpy(best->members, members, (size_t)count * sizeof *members);
    best->count = count;
    best->score = score;
    s->moves++;
}

/* Put into ``larger`` the ``members`` and a ``candidate`` that is none of them, ascending. */
static void join(const int32_t *members, int64_t count, int32_t candidate, int32_t *larger) {
    int64_t at = count;
    for (; at > 0 && members[at - 1] > candidate; at--) larger[at] = members[at - 1];
    larger[at] = candidate;
    memcpy(larger, members, (size_t)at * sizeof *members);
}

static void meet_larger(struct search *s, const struct set *set) {
    double most = -INFINITY, epsilon = s->effort->epsilon;
    for (int64_t each = 0; each < s->on->candidates; each++)
        if (set->gains[each] > most) most = set->gains[each];
    if (set->score + most <= s->found->score - epsilon) return;
    for (int64_t each = 0; each < s->on->candidates; each++) {
        if (set->gains[each] <= most - epsilon) continue;
        join(set->members, set->count, (int32_t)each, s->larger);
        meet(s, s->larger, set->count + 1, set->score + set->gains[each]);
    }
}

/* The greatest weight that any of ``members`` has on each way. */
static void use(struct search *s, const int32_t *members, int64_t count) {
    const struct problem *on = s->on;
    for (int64_t way = 0; way < on->ways; way++) s->used[way] = 0.0;
    for (int64_t each = 0; each < count; each++)
        for (int64_t link = on->start[members[each]]; link < on->start[members[each] + 1]; link++)
            if (on->weight[link] > s->used[on->way[link]]) s->used[on->way[link]] = on->weight[link];
}

/* Add a set without gains; NULL when there is no memory left. */
static struct set *added(struct search *s, const int32_t *members, int64_t count, uint64_t mark) {
    struct set set = {.mark = mark, .count = count};
    set.members = malloc((size_t)(count + 1) * sizeof *set.members);
    set.gains = malloc((size_t)s->on->candidates * sizeof *set.gains);
    if (!set.members || !set.gains || !ROOM_FOR(s->sets.at, s->sets.count, s->sets.room)) {
        free(set.members);
        free(set.gains);
        s->failed = 1;
        return NULL;
    }
    memcpy(set.members, members, (size_t)count * sizeof *members);
    s->sets.at[s->sets.count] = set;
    return s->sets.at + s->sets.count++;
}

/* The open set of ``members``; it is met with all sets that have one more. NULL when there is no memory left. */
static struct set *opened(struct search *s, const int32_t *members, int64_t count) {
    const struct problem *on = s->on;
    uint64_t mark = 0;
    for (int64_t each = 0; each < count; each++) mark += mark_of(members[each]);
    for (int64_t at = 0; at < s->again; at++)
        if (s->sets.at[at].mark == mark) return s->sets.at + at;
    struct set *set = added(s, members, count, mark);
    if (!set) return NULL;
    use(s, set->members, count);
    for (int64_t each = 0; each < count; each++) set->score += on->bias[set->members[each]];
    set->score += gains(on, s->used, &s->slate, set->gains);
    for (int64_t each = 0; each < count; each++) set->gains[set->members[each]] = -INFINITY;
    s->weighed += on->start[on->candidates];
    meet(s, set->members, count, set->score);
    meet_larger(s, set);
    return set;
}

/* Move to the best set that has one cause more; whether there was a better one. */
static int grow(struct search *s) {
    int64_t moves = s->moves, count = s->found->count;
    memcpy(s->members, s->found->members, (size_t)count * sizeof *s->members);
    opened(s, s->members, count);
    s->again = s->sets.count;
    return s->moves != moves && !s->failed;
}

/* Move to the best set with one cause dropped or swapped; whether there was a better one. */
static int exchange(struct search *s) {
    int64_t moves = s->moves, count = s->found->count;
    memcpy(s->members, s->found->members, (size_t)count * sizeof *s->members);
    for (int64_t dropped = 0; dropped < count && !s->failed; dropped++) {
        memcpy(s->fewer, s->members, (size_t)dropped * sizeof *s->fewer);
        memcpy(s->fewer + dropped, s->members + dropped + 1, (size_t)(count - dropped - 1) * sizeof *s->fewer);
        opened(s, s->fewer, count - 1);
        s->again = s->sets.count;
    }
    return s->moves != moves && !s->failed;
}

static int by_gain(const void *one, const void *other) {
    const struct ranked *a = one, *b = other;
    return a->gain != b->gain ? (a->gain < b->gain) - (a->gain > b->gain) : (a->at > b->at) - (a->at < b->at);
}

/* Those of the ``left`` in ``rest`` that make the set better, most first. */
static void rank(struct search *s, struct set *set, const int32_t *rest, int64_t left) {
    set->rest = malloc((size_t)(left + 1) * sizeof *set->rest);
    s->failed |= !set->rest;
    for (int64_t at = 0; at < left && !s->failed; at++)
        if (set->gains[rest[at]] > 0.0)
            s->ranked[set->left++] = (struct ranked){set->gains[rest[at]], (int32_t)at, rest[at]};
    qsort(s->ranked, (size_t)set->left, sizeof *s->ranked, by_gain);
    for (int64_t at = 0; at < set->left; at++) set->rest[at] = s->ranked[at].candidate;
}

/* Open the set of ``members``, and queue those larger by one of ``rest`` of which a superset may be near the best. */
static void branch(struct search *s, struct bounds *bounds, const int32_t *members, int64_t count, const int32_t *rest,
                   int64_t left) {
    struct set *set = opened(s, members, count);
    if (set) rank(s, set, rest, left);
    if (s->failed) return;
    double sum = 0.0;
    bounds_with(bounds, members, count);
    for (int64_t at = set->left - 1; at >= 0; at--) {
        sum += set->gains[set->rest[at]];
        s->most[at] = fmin(set->score + sum, bounds_next(bounds, set->rest[at]));
    }
    for (int64_t at = 0; at < set->left && !s->failed; at++)
        if (s->most[at] >= s->found->score - s->effort->slack)
            s->failed |= !push(&s->queue, s->most[at], (int32_t)(set - s->sets.at), (int32_t)at);
}

static void branch_and_bound(struct search *s, struct bounds *bounds) {
    const struct queue *queue = &s->queue;
    s->weighed = 0;
    branch(s, bounds, s->members, 0, s->everyone, s->on->candidates);
    while (queue->count && queue->at->most >= s->found->score - s->effort->slack &&
           s->weighed < s->effort->budget && !s->failed) {
        struct queued next = pop(&s->queue);
        const struct set *set = s->sets.at + next.set;
        const int32_t *candidate = set->rest + next.at;
        join(set->members, set->count, *candidate, s->members);
        branch(s, bounds, s->members, set->count + 1, candidate + 1, set->left - next.at - 1);
    }
    double missed = queue->count ? queue->at->most - s->found->score - s->effort->epsilon : 0.0;
    s->found->gap = fmax(missed, 0.0);
}

static void *room(struct search *s, int64_t count, size_t size) {
    void *room = malloc((size_t)(count + 1) * size);
    s->failed |= !room;
    return room;
}

static void begin(struct search *s) {
    const struct problem *on = s->on;
    s->used = room(s, on->ways, sizeof *s->used);
    s->slate.more = room(s, on->ways, sizeof *s->slate.more);
    s->slate.calm = room(s, on->symptoms, sizeof *s->slate.calm);
    s->slate.risen = room(s, on->symptoms, sizeof *s->slate.risen);
    s->most = room(s, on->candidates, sizeof *s->most);
    s->ranked = room(s, on->candidates, sizeof *s->ranked);
    s->larger = room(s, on->candidates, sizeof *s->larger);
    s->members = room(s, on->candidates, sizeof *s->members);
    s->fewer = room(s, on->candidates, sizeof *s->fewer);
    s->everyone = room(s, on->candidates, sizeof *s->everyone);
    for (int64_t each = 0; each < on->candidates && !s->failed; each++) s->everyone[each] = (int32_t)each;
}

static void end(struct search *s) {
    for (int64_t at = 0; at < s->sets.count; at++) {
        free(s->sets.at[at].members);
        free(s->sets.at[at].gains);
        free(s->sets.at[at].rest);
    }
    free(s->sets.at);
    free(s->queue.at);
    free(s->used);
    free(s->slate.more);
    free(s->slate.calm);
    free(s->slate.risen);
    free(s->most);
    free(s->ranked);
    free(s->larger);
    free(s->members);
    free(s->fewer);
    free(s->everyone);
}

static void bounded(struct search *s) {
    const struct effort *effort = s->effort;
    use(s, s->found->members, s->found->count);
    struct bounds bounds = bounds_of(s->on, s->used, effort->givens, effort->given, &s->slate);
    s->failed |= bounds.count != effort->givens;
    if (!s->failed) branch_and_bound(s, &bounds);
    bounds_free(&bounds);
}

/* Find the best set of ``on``. Returns 0, or 1 when there is no memory left. */
int search(const struct problem *on, const struct effort *effort, struct found *found) {
    struct search s = {.on = on, .effort = effort, .found = found};
    found->count = 0;
    found->score = 0.0;
    begin(&s);
    while (!s.failed && (grow(&s) || exchange(&s))) continue;
    if (!s.failed) bounded(&s);
    if (!s.failed)
        s.failed = posterior(&s.sets, on->candidates, found->score, effort->negligible, found->probability);
    end(&s);
    return s.failed;
}
