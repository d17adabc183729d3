#define KERNEL(name) askew_##name##_baseline
#define COLUMN_VECTORS 1
#define ROW_TILE 2
#include "kernels_body.h"
