/* SPDX-License-Identifier: MIT */
/* hostile_linux.h -- misdeeds by Linux' own calls: a part of hostile.c. */
#ifndef HOSTILE_LINUX_H
#define HOSTILE_LINUX_H

#include <sys/socket.h>
#include <sys/wait.h>

MISDEED_FN(killself)
{
	(void)key;
	(void)kill(getpid(), SIGKILL);
}

MISDEED_FN(stopself)
{
	(void)key;
	(void)kill(getpid(), SIGSTOP);
}

MISDEED_FN(sleep)
{
	(void)key;
	while (!zero)
		(void)pause();
}

/* A child that would outlive the run. */
MISDEED_FN(forkchild)
{
	(void)key;
	if (fork() == 0)
		while (!zero)
			(void)pause();
}

MISDEED_FN(forkbomb)
{
	(void)key;
	for (unsigned i = 0; i < 1000; i++)
		if (fork() == 0)
			(void)sleep(1000);
}

/* The child goes on as if it were the expert. */
MISDEED_FN(forktwice)
{
	(void)key;
	(void)fork();
}

MISDEED_FN(closefds)
{
	(void)key;
	for (int fd = 0; fd < 1024; fd++)
		(void)close(fd);
}

MISDEED_FN(garbagefds)
{
	char junk[4096];

	(void)key;
	memset(junk, 0xa5, sizeof junk);
	for (int fd = 0; fd < 1024; fd++) {
		int flags = fcntl(fd, F_GETFL);

		if (flags >= 0)
			(void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
		(void)!write(fd, junk, sizeof junk);
		(void)send(fd, junk, sizeof junk, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
}

/* Only for hosts that contain it: without a sandbox these end the test too. */
MISDEED_FN(killparent)
{
	(void)key;
	(void)kill(getppid(), SIGKILL);
}

MISDEED_FN(killgroup)
{
	(void)key;
	(void)kill(0, SIGKILL);
}

static volatile int one = 1;

/* What a sandbox forbids. */
MISDEED_FN(exec)
{
	char *argv[] = { (char[]){ "true" }, NULL };

	(void)key;
	(void)execv("/bin/true", argv);
}

MISDEED_FN(openwrite)
{
	(void)key;
	(void)!open("written-by-an-expert", O_WRONLY | O_CREAT, 0666);
}

MISDEED_FN(socket)
{
	(void)key;
	(void)!socket(AF_INET, SOCK_STREAM, 0);
}

MISDEED_FN(locale)
{
	(void)key;
	(void)setlocale(LC_ALL, "de_DE.UTF-8");
	(void)setenv("TZ", "Asia/Kathmandu", one);
	(void)setenv("LC_ALL", "tr_TR", one);
	tzset();
}

static void block_all(void)
{
	sigset_t all;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, NULL);
}

MISDEED_FN(sigmask)
{
	(void)key;
	block_all();
}

/* Deaf to every signal that can be blocked, and busy. */
MISDEED_FN(sigmaskloop)
{
	(void)key;
	block_all();
	while (!zero)
		;
}

static void come_back(int s)
{
	(void)s;
}

MISDEED_FN(handlecrash)
{
	(void)key;
	(void)signal(SIGSEGV, come_back);
	write_to_nothing();
}

#endif
