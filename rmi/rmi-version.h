/* rmi/rmi-version.h: which symbols a version of the library has
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

/**
 * RMI_VERSION_1_0:
 *
 * The version 1.0 of the library, for %RMI_VERSION_MAX_ALLOWED.
 *
 * Since: 1.0
 */
#define RMI_VERSION_1_0 (G_ENCODE_VERSION (1, 0))

#ifndef RMI_VERSION_MAX_ALLOWED
#define RMI_VERSION_MAX_ALLOWED RMI_VERSION_1_0
#endif

#ifndef _RMI_EXTERN
#define _RMI_EXTERN extern
#endif

/* Before each public prototype: exported, and there since 1.0. */
#if RMI_VERSION_MAX_ALLOWED < RMI_VERSION_1_0
#define RMI_AVAILABLE_IN_1_0 G_UNAVAILABLE (1, 0) _RMI_EXTERN
#else
#define RMI_AVAILABLE_IN_1_0 _RMI_EXTERN
#endif
