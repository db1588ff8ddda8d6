/* bench/workloads.h: W1 to W7, W1i and W2i
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "harness.h"

G_BEGIN_DECLS

/* Measures the wanted ones of W1 … W5 and prints their lines. */
void workloads_measure             (Harness *harness);
/* W6. */
void workloads_measure_threads     (Harness *harness);
/* The wanted ones of W1i and W2i. */
void workloads_measure_beside_idle (Harness *harness);
/* W7, against a server that has had no other connection. */
void workloads_measure_memory      (Harness *harness);

G_END_DECLS
