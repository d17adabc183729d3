#define KERNEL(name) askew_##name##_baseline
#define COLUMN_VECTORS 1
#include "kernels_body.h"
