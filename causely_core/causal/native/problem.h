/* One part of an inference; problem.py tells what it is. native/problem.py fills the structure in. */

#ifndef CAUSELY_PROBLEM_H
#define CAUSELY_PROBLEM_H

#include <stdint.h>

struct problem {
    int64_t candidates, symptoms, ways;
    const int64_t *start;             /* by candidate and one more: its first link */
    const int32_t *column, *way;      /* by link */
    const double *weight, *left;      /* likewise; ``left`` is exp(-weight) */
    const int32_t *symptom;           /* by way */
    const double *silence;            /* by symptom */
    const double *bias;               /* by candidate */
};

/* Room for what gains() reckons: one a symptom, and one a way. */
struct slate {
    double *calm, *risen;
    double *more;
};

/* By how much the score grows with each candidate where each way has the weight ``used`` already. Returns the log
   likelihood of the active symptoms by what is used, against leaks alone. */
double gains(const struct problem *on, const double *used, const struct slate *slate, double *gain);

#endif
