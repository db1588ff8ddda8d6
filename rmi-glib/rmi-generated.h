/* rmi-glib/rmi-generated.h: everything that the output of rmi-codegen includes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Not for programs. Stable all the same: output of 1.0 runs on every 1.x.
 */
#pragma once

#include "rmi-glib/rmi-glib.h"
#include "rmi/rmi-call.h"
#include "rmi/rmi-class-entry.h"
#include "rmi/rmi-interface-entry.h"
#include "rmi/rmi-reader.h"
#include "rmi/rmi-writer.h"
#include "skeletons/rmi-invocation.h"
#include "skeletons/rmi-skeleton.h"
#include "stubs/rmi-stub.h"
