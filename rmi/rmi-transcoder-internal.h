/* rmi/rmi-transcoder-internal.h: a value of one connection as a value of another, without knowing its type
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-reader-internal.h"
#include "rmi/rmi-writer-internal.h"

G_BEGIN_DECLS

/* Copies the value that @reader is at to @writer. What is no reference passes as it is. Each reference becomes an object by the codec of
 * @reader, and what stands for that object on the other side by the codec of @writer: one JSON object with none inside, as it was, so
 * what counts objects (`$same`) still counts right. An error sticks to @reader, or to @writer if that is where it fails. */
void rmi_transcode (RmiReader *reader, RmiWriter *writer);

G_END_DECLS
