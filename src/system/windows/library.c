/* SPDX-License-Identifier: MIT */
/* Is a file a DLL that can be loaded here? */
#include "system/library.h"
#include "base/bytes.h"
#include "base/nmerr.h"

#include <netmon.h>

#include <errno.h>
#include <io.h>
#include <string.h>
#include <sys/stat.h>
