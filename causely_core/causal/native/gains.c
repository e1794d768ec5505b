/* By how much the score of a set of causes grows with each candidate; problem.py gives the formulas. */

#include <math.h>

#include "problem.h"

static const double MANY = 1e250;
/* Products are told as logarithms before they get larger: each factor is below 1e50. */

double gains(const struct problem *on, const double *used, const struct slate *slate, double *gain) {
    double *calm = slate->calm, *risen = slate->risen, *more = slate->more;
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
