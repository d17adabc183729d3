// Chooses the kernels for this processor once, and forwards every public call to them.
#include <dnnl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"
#include "profile.h"

int askew_onednn_matmul(const askew_matmul_shape *shape, const void *a, const void *b, void *c);

#define POINTER(name, params, args) void(*name) params;
typedef struct {
  ASKEW_TYPED_KERNELS(POINTER, f32, float)
  ASKEW_TYPED_KERNELS(POINTER, bf16, uint16_t)
  ASKEW_PLAIN_KERNELS(POINTER)
} kernel_table;

#define TABLE(isa)                                                             \
  ASKEW_TYPED_KERNELS(DECLARE_##isa, f32, float)                               \
  ASKEW_TYPED_KERNELS(DECLARE_##isa, bf16, uint16_t)                           \
  ASKEW_PLAIN_KERNELS(DECLARE_##isa)                                           \
  static const kernel_table table_##isa = {                                    \
      ASKEW_TYPED_KERNELS(ENTRY_##isa, f32, float)                             \
          ASKEW_TYPED_KERNELS(ENTRY_##isa, bf16, uint16_t)                     \
              ASKEW_PLAIN_KERNELS(ENTRY_##isa)};

#define DECLARE_baseline(name, params, args) void askew_##name##_baseline params;
#define ENTRY_baseline(name, params, args) .name = askew_##name##_baseline,
TABLE(baseline)

#if defined(__x86_64__)
#define DECLARE_avx2(name, params, args) void askew_##name##_avx2 params;
#define ENTRY_avx2(name, params, args) .name = askew_##name##_avx2,
TABLE(avx2)
#define DECLARE_avx512(name, params, args) void askew_##name##_avx512 params;
#define ENTRY_avx512(name, params, args) .name = askew_##name##_avx512,
TABLE(avx512)
#endif

// What the processor offers, found before main; and what a thread asked for instead, if it did. A
// choice for the whole process would change results under the feet of other threads.
static const kernel_table *best = &table_baseline;
static _Thread_local const kernel_table *chosen;

static const kernel_table *table_of(askew_isa isa) {
  switch (isa) {
#if defined(__x86_64__)
    case ASKEW_ISA_AVX512: return &table_avx512;
    case ASKEW_ISA_AVX2: return &table_avx2;
#endif
    default: return &table_baseline;
  }
}

// What ASKEW_ISA allows, read before main; a name that is none allows all.
static askew_isa allowed = ASKEW_ISA_AVX512;
static int is_unknown_limit;

static askew_isa offered(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return ASKEW_ISA_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return ASKEW_ISA_AVX2;
#endif
  return ASKEW_ISA_BASELINE;
}

askew_isa askew_best_isa(void) {
  askew_isa isa = offered();
  return isa < allowed ? isa : allowed;
}

int askew_has_unknown_isa_limit(void) { return is_unknown_limit; }

int askew_select_isa(askew_isa isa) {
  if (isa > askew_best_isa() || isa < ASKEW_ISA_BASELINE) return -1;
  chosen = table_of(isa);
  return 0;
}

askew_isa askew_current_isa(void) {
  for (askew_isa isa = ASKEW_ISA_BASELINE; chosen && isa <= ASKEW_ISA_AVX512; isa++)
    if (table_of(isa) == chosen) return isa;
  return askew_best_isa();
}

// Before main: no call can come earlier, so the table needs no lock.
__attribute__((constructor)) static void choose(void) {
  const char *limit = getenv("ASKEW_ISA");
  if (limit && *limit) {
    if (strcmp(limit, "baseline") == 0)
      allowed = ASKEW_ISA_BASELINE;
    else if (strcmp(limit, "avx2") == 0)
      allowed = ASKEW_ISA_AVX2;
    else
      is_unknown_limit = strcmp(limit, "avx512") != 0;
  }
  best = table_of(askew_best_isa());
#if defined(__x86_64__)
  // Before its first call, or oneDNN would not take it; a smaller limit of its own variable wins.
  if (allowed < offered()) {
    dnnl_cpu_isa_t isa = allowed == ASKEW_ISA_AVX2 ? dnnl_cpu_isa_avx2 : dnnl_cpu_isa_sse41;
    if (!getenv("ONEDNN_MAX_CPU_ISA") && !getenv("DNNL_MAX_CPU_ISA")) dnnl_set_max_cpu_isa(isa);
  }
#endif
}

#define NUMBER(name, params, args) number_##name,
enum {
  ASKEW_TYPED_KERNELS(NUMBER, f32, float)
  ASKEW_TYPED_KERNELS(NUMBER, bf16, uint16_t)
  ASKEW_PLAIN_KERNELS(NUMBER)
  number_of_kernels
};

#define NAME(name, params, args) #name,
static const char *const names[] = {
  ASKEW_TYPED_KERNELS(NAME, f32, float)
  ASKEW_TYPED_KERNELS(NAME, bf16, uint16_t)
  ASKEW_PLAIN_KERNELS(NAME)
  "matmul",
};

_Thread_local double *askew_profile_seconds;

void askew_profile(double *seconds) { askew_profile_seconds = seconds; }

const char *askew_profile_name(long index) {
  return index >= 0 && index <= number_of_kernels ? names[index] : NULL;
}

#define FORWARD(name, params, args)                                            \
  void askew_##name params {                                                   \
    const kernel_table *table = chosen ? chosen : best;                        \
    if (!askew_profile_seconds) {                                              \
      table->name args;                                                        \
      return;                                                                  \
    }                                                                          \
    double start = askew_seconds();                                            \
    table->name args;                                                          \
    askew_profile_seconds[number_##name] += askew_seconds() - start;           \
  }
ASKEW_TYPED_KERNELS(FORWARD, f32, float)
ASKEW_TYPED_KERNELS(FORWARD, bf16, uint16_t)
ASKEW_PLAIN_KERNELS(FORWARD)

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
int askew_has_bf16(void) { return (getauxval(AT_HWCAP2) >> 14) & 1; }
#elif defined(__aarch64__) && defined(__APPLE__)
#include <sys/sysctl.h>
int askew_has_bf16(void) {
  int yes = 0;
  size_t size = sizeof yes;
  return sysctlbyname("hw.optional.arm.FEAT_BF16", &yes, &size, NULL, 0) == 0 && yes;
}
#elif defined(__x86_64__)
int askew_has_bf16(void) {
  __builtin_cpu_init();
  return askew_best_isa() == ASKEW_ISA_AVX512 && __builtin_cpu_supports("avx512bf16");
}
#else
int askew_has_bf16(void) { return 0; }
#endif

int askew_matmul(const askew_matmul_shape *shape, const void *a, const void *b, void *c) {
  if (!askew_profile_seconds) return askew_onednn_matmul(shape, a, b, c);
  double start = askew_seconds();
  int status = askew_onednn_matmul(shape, a, b, c);
  askew_profile_seconds[number_of_kernels] += askew_seconds() - start;
  return status;
}

long askew_attention_work(long T, long D) {
  long Tp = (T + 15) & ~15L, Dp = (D + 15) & ~15L;
  return 8 * Tp * Dp + 2 * 48 * Tp;
}
