/* tests/losses/real-crier.h: an object that emits, from any thread
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "crier.h"

G_BEGIN_DECLS

#define REAL_TYPE_CRIER (real_crier_get_type ())
G_DECLARE_FINAL_TYPE (RealCrier, real_crier, REAL, CRIER, GObject)

RealCrier *real_crier_new  (void);
/* Cried, with one more than before; by one thread at a time. */
void       real_crier_cry  (RealCrier *self);
/* Told, under the lock that the getters take. */
void       real_crier_tell (RealCrier *self, const char *text);

/* A thread that cries until it is stopped. */
typedef struct
{
  RealCrier *crier;
  GThread   *thread;
  int        is_over;            /* atomic */
} Flood;

void       flood_begin     (Flood *self, RealCrier *crier);
void       flood_end       (Flood *self);

G_END_DECLS
