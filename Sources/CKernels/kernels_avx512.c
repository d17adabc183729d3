#if defined(__x86_64__)
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi2"))),    \
    apply_to = function)
#define KERNEL(name) askew_##name##_avx512
#define COLUMN_VECTORS 2
#define ROW_TILE 8
#define FUSED_MULTIPLY_ADD
#include "kernels_body.h"
#pragma clang attribute pop
#else
typedef int askew_no_avx512;
#endif
