/* SPDX-License-Identifier: MIT */
/* crew_script.h -- what the bytes of fuzz_crew mean: steps of an engine and its
 * workers, each at one turn of the supervisor's loop. */
#ifndef NM_FUZZ_CREW_SCRIPT_H
#define NM_FUZZ_CREW_SCRIPT_H

#define CREW_JOBS 3

/* A step is one of these bytes modulo STEPS, then what it says. Numbers are
 * little-endian; a job is a byte modulo CREW_JOBS. The script ends with the engine. */
enum {
	STEP_PACKET, /* u16 length, bytes: a packet from the engine */
	STEP_EVENTS, /* job, u16 length, bytes: into its stream of messages */
	STEP_LOG,    /* job, u16 length, bytes: what its expert prints */
	STEP_STATUS, /* job, u16 offset, u8 length, bytes: over the memory it shares */
	STEP_CLOSE,  /* job: its ends of the pipes are closed */
	STEP_GONE,   /* job, u16 wait status: a true packet that says so */
	STEP_FLOOD,  /* job, u16 length, bytes: again and again until the pipe is full */
	STEP_CANCEL, /* the user asks to stop */
	STEPS
};

#endif
