#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)
#define KERNEL(name) askew_##name##_avx2
#define COLUMN_VECTORS 1
#define ROW_TILE 6
#define FUSED_MULTIPLY_ADD
#include "kernels_body.h"
#pragma clang attribute pop
#else
typedef int askew_no_avx2;
#endif
