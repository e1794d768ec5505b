/* One walk at a time over the causal graph. */

#ifndef CAUSELY_WALKER_H
#define CAUSELY_WALKER_H

#include "ground.h"

struct walker;

/* None when there is no memory left. What is walked to goes into ``cells``, which is the caller's. */
struct walker *walker_on(const struct ground *on, struct cells *cells);

/* Walk from ``starts`` starts and add what is reached to the cells. Returns 0, or 1 when there is no memory left. */
int walk_from(struct walker *walker, int64_t starts, const int64_t *node, const int64_t *cost, const double *belief);

void walker_free(struct walker *walker);

/* Room for ``room`` cells; 0 when there is no memory left. */
int cells_resize(struct cells *cells, int64_t room);
void cells_free(struct cells *cells);

#endif
