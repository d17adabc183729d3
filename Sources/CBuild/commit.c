#include "CBuild.h"

#ifndef ASKEW_COMMIT
#define ASKEW_COMMIT ""
#endif

const char *askew_commit(void) { return ASKEW_COMMIT; }
