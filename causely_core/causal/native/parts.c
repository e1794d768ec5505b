/* Splitting candidates into parts that share no active symptom. */

#include <stdint.h>

static int32_t root(int32_t *above, int32_t number) {
    while (above[number] != number) number = above[number] = above[above[number]];
    return number;
}

/* For each row the first row of its part. The symptoms of row i are ``number[first[i]:first[i + 1]]``, below
   ``active``; ``above`` and ``lowest`` are room for as many. A row without symptoms is a part of its own. */
void parts(int64_t rows, const int64_t *first, const int32_t *number, int64_t active, int32_t *above, int32_t *lowest,
           int64_t *label) {
    for (int64_t each = 0; each < active; each++) {
        above[each] = (int32_t)each;
        lowest[each] = -1;
    }
    for (int64_t row = 0; row < rows; row++)
        for (int64_t sign = first[row] + 1; sign < first[row + 1]; sign++)
            above[root(above, number[sign])] = root(above, number[sign - 1]);
    for (int64_t row = 0; row < rows; row++) {
        label[row] = row;
        if (first[row] == first[row + 1]) continue;
        int32_t of = root(above, number[first[row]]);
        if (lowest[of] < 0) lowest[of] = (int32_t)row;
        label[row] = lowest[of];
    }
}
