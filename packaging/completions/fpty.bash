# Made from the option table: fpty docs completion-bash
_fpty() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
    case $before in
        --forkptyrouter|--forkpty-router|--forkptyurouter|--forkpty-urouter|--forkptyrouter-stats|--forkptyrouter-stats-server|--forkptyrouter-ss|--forkpty-router-stats|--forkpty-router-stats-server|--forkpty-router-ss|--pty-connect|--pty-uconnect|--pty-socket|--pidfile|--safe-pidfile|--pidfile2|--safe-pidfile2|--daemonize|--daemonize2|--logto|--ini|--include|--inherit|--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --chroot|--chdir|--chdir2) COMPREPLY=($(compgen -d -- "$word")); return ;;
        --forkptyrouter-signal) COMPREPLY=($(compgen -W "foreground leader" -- "$word")); return ;;
        --forkpty-router-signal) COMPREPLY=($(compgen -W "foreground leader" -- "$word")); return ;;
        --unshare) COMPREPLY=($(compgen -W "fs ipc pid uts net user cgroup" -- "$word")); return ;;
        help) COMPREPLY=($(compgen -W "options files status forkptyrouter forkpty-router forkptyurouter forkpty-urouter forkptyrouter-processes forkptyrouter-workers forkpty-router-processes forkpty-router-workers forkptyrouter-timeout forkpty-router-timeout forkptyrouter-stats forkptyrouter-stats-server forkptyrouter-ss forkpty-router-stats forkpty-router-stats-server forkpty-router-ss listen insecure-tcp abstract-socket chmod-socket chmod chown-socket vacuum forkptyrouter-command forkpty-router-command forkptyrouter-cmd forkpty-router-cmd forkptyrouter-rows forkpty-router-rows forkptyrouter-cols forkpty-router-cols env unenv forkptyrouter-env-allow forkpty-router-env-allow forkptyrouter-inherit-env forkpty-router-inherit-env forkptyrouter-signal forkpty-router-signal forkptyrouter-wait-slaves forkpty-router-wait-slaves pty-connect pty-uconnect raw escape pty-socket pty-exec pty-log pty-input unshare exec-asap exec-pre-jail exec-post-jail exec-in-jail exec-as-root exec-as-user chroot chdir chdir2 uid gid add-gid no-initgroups umask pidfile safe-pidfile pidfile2 safe-pidfile2 daemonize daemonize2 logto max-fd procname ini include inherit config set set-placeholder set-ph strict show-config help usage version" -- "$word")); return ;;
    esac
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--forkptyrouter --forkpty-router --forkptyurouter --forkpty-urouter --forkptyrouter-processes --forkptyrouter-workers --forkpty-router-processes --forkpty-router-workers --forkptyrouter-timeout --forkpty-router-timeout --forkptyrouter-stats --forkptyrouter-stats-server --forkptyrouter-ss --forkpty-router-stats --forkpty-router-stats-server --forkpty-router-ss --listen --insecure-tcp --abstract-socket --chmod-socket --chmod --chown-socket --vacuum --forkptyrouter-command --forkpty-router-command --forkptyrouter-cmd --forkpty-router-cmd --forkptyrouter-rows --forkpty-router-rows --forkptyrouter-cols --forkpty-router-cols --env --unenv --forkptyrouter-env-allow --forkpty-router-env-allow --forkptyrouter-inherit-env --forkpty-router-inherit-env --forkptyrouter-signal --forkpty-router-signal --forkptyrouter-wait-slaves --forkpty-router-wait-slaves --pty-connect --pty-uconnect --raw --escape --pty-socket --pty-exec --pty-log --pty-input --unshare --exec-asap --exec-pre-jail --exec-post-jail --exec-in-jail --exec-as-root --exec-as-user --chroot --chdir --chdir2 --uid --gid --add-gid --no-initgroups --umask --pidfile --safe-pidfile --pidfile2 --safe-pidfile2 --daemonize --daemonize2 --logto --max-fd --procname --ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" -- "$word"))
    elif ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W "serve connect try help version" -- "$word") $(compgen -f -- "$word"))
    else
        COMPREPLY=($(compgen -f -- "$word"))
    fi
}
complete -o filenames -F _fpty fpty
