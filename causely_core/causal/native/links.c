/* The links of one part's candidates to its symptoms, by ways; problem.py tells what these are. */

#include <stdint.h>

struct links {
    int64_t *start;                   /* by candidate of the part and one more: its first link */
    int32_t *column, *way;            /* by link */
    double *weight;
    uint8_t *own;
    int32_t *symptom;                 /* by way, of which there may be as many as links: its column */
};

static uint64_t mixed(uint64_t column, uint64_t via) {
    uint64_t both = (column << 32 | via) * 0x9E3779B97F4A7C15u;
    return both ^ both >> 29;
}

/* Put into ``links`` the signs of ``rows``, those of row i being ``first[i]:first[i + 1]``. Columns count the symptoms
   in the order of their numbers; ``column`` is room for one a number. ``newest`` are ``buckets`` zeros, a power of two,
   ``older`` and ``before`` room for one a link: the ways of a bucket are a chain. Returns how many ways there are. */
int64_t links(int64_t count, const int64_t *rows, const int64_t *first, const int32_t *number, const int32_t *via,
              const double *weight, const uint8_t *own, int64_t active, int32_t *column, int64_t buckets,
              int32_t *newest, int32_t *older, int32_t *before, const struct links *links) {
    int32_t columns = 0, ways = 0;
    int64_t link = 0;
    for (int64_t each = 0; each < active; each++) column[each] = -1;
    for (int64_t at = 0; at < count; at++)
        for (int64_t sign = first[rows[at]]; sign < first[rows[at] + 1]; sign++) column[number[sign]] = 0;
    for (int64_t each = 0; each < active; each++)
        if (column[each] == 0) column[each] = columns++;
    for (int64_t at = 0; at < count; at++) {
        links->start[at] = link;
        for (int64_t sign = first[rows[at]]; sign < first[rows[at] + 1]; sign++, link++) {
            int32_t of = column[number[sign]], way = ways, *chain = newest;
            if (via[sign] >= 0) {
                chain += mixed((uint64_t)of, (uint64_t)via[sign]) & (uint64_t)(buckets - 1);
                way = *chain - 1;
                while (way >= 0 && !(links->symptom[way] == of && before[way] == via[sign])) way = older[way];
                if (way < 0) {
                    older[ways] = *chain - 1;
                    *chain = ways + 1;
                    way = ways;
                }
            }
            if (way == ways) {
                links->symptom[ways] = of;
                before[ways++] = via[sign];
            }
            links->column[link] = of;
            links->way[link] = way;
            links->weight[link] = weight[sign];
            links->own[link] = own[sign];
        }
    }
    links->start[count] = link;
    return ways;
}
