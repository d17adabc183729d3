#ifndef ASKEW_CBUILD_H
#define ASKEW_CBUILD_H

/// The commit that this was built from, with + where it has been changed since; empty where the build was
/// not told.
const char *askew_commit(void);

#endif
