/* By how much the score of a set of causes grows with each candidate; problem.py gives the formulas. */

#include <math.h>
#include <stdint.h>

struct problem {
    int64_t candidates, symptoms, ways;
    const int64_t *start;             /* by candidate and one more: its first link */
    const int32_t *column, *way;      /* by link */
    const double *left;
    const int32_t *symptom;           /* by way */
    const double *silence;            /* by symptom */
    const double *bias;               /* by candidate */
};

static const double MANY = 1e250;
/* Products are told as logarithms before they get larger: each factor is below 1e50. */

/* ``used`` is the weight that each way has already; ``calm`` and ``risen`` are room for one a symptom, ``more`` for
   one a way. Returns the log likelihood of the active symptoms by what is used, against leaks alone. */
double gains(const struct problem *on, const double *used, double *calm, double *risen, double *more, double *gain) {
    for (int64_t each = 0; each < on->symptoms; each++) calm[each] = 0.0;
    for (int64_t way = 0; way < on->ways; way++) {
        calm[on->symptom[way]] += used[way];
        more[way] = used[way] > 0.0 ? exp(used[way]) : 1.0;
    }
    double evidence = 0.0;
    for (int64_t each = 0; each < on->symptoms; each++) {
        calm[each] = on->silence[each] * exp(-calm[each]);
        evidence += log((1.0 - calm[each]) / (1.0 - on->silence[each]));
        risen[each] = 1.0 / (1.0 - calm[each]);
    }
    for (int64_t each = 0; each < on->candidates; each++) {
        double sum = on->bias[each], product = 1.0;
        for (int64_t link = on->start[each]; link < on->start[each + 1]; link++) {
            int64_t column = on->column[link];
            double left = on->left[link] * more[on->way[link]];
            product *= (1.0 - calm[column] * (left < 1.0 ? left : 1.0)) * risen[column];
            if (product > MANY) {
                sum += log(product);
                product = 1.0;
            }
        }
        gain[each] = sum + log(product);
    }
    return evidence;
}
