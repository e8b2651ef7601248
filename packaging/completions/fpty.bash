# Made from the option table: fpty docs completion-bash
# What fpty ps -q lists and fits a pattern.
_fpty_names() {
    local name
    compopt +o filenames 2>/dev/null
    while IFS= read -r name; do
        [[ $name =~ $1 && $name == "$word"* ]] && printf -v name %q "$name" && COMPREPLY+=("$name")
    done < <("${words[0]}" ps -q 2>/dev/null </dev/null)
}
_fpty() {
    local words word before verb options line=${COMP_LINE:0:COMP_POINT}
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    word=${words[-1]} before=${words[-2]} verb=${words[1]}
    COMPREPLY=()
    [[ $word == --*=* ]] && before=${word%%=*} word=${word#*=}
    case $before in
        --forkpty-router|--forkptyrouter|--forkpty-urouter|--forkptyurouter|--forkptyrouter-stats|--forkptyrouter-stats-server|--forkptyrouter-ss|--forkpty-router-stats|--forkpty-router-stats-server|--forkpty-router-ss|--pty-connect|--pty-uconnect|--pty-socket|--pidfile|--safe-pidfile|--pidfile2|--safe-pidfile2|--daemonize|--daemonize2|--logto|--ini|--include|--inherit|--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --forkptyrouter-processes|--forkptyrouter-workers|--forkpty-router-processes|--forkpty-router-workers|--forkptyrouter-timeout|--forkpty-router-timeout|--listen|--chown-socket|--forkptyrouter-command|--forkpty-router-command|--forkptyrouter-cmd|--forkpty-router-cmd|--forkptyrouter-rows|--forkpty-router-rows|--forkptyrouter-cols|--forkpty-router-cols|--env|--unenv|--forkptyrouter-env-allow|--forkpty-router-env-allow|--forkptyrouter-history|--forkpty-router-history|--attach-targets|--escape|--name|--reconnect|--user|--pty-exec|--exec-asap|--exec-pre-jail|--exec-post-jail|--exec-in-jail|--exec-as-root|--exec-as-user|--uid|--gid|--add-gid|--umask|--max-fd|--procname|--set|--set-placeholder|--set-ph) :; return ;;
        --forkptyrouter-signal|--forkpty-router-signal) COMPREPLY=($(compgen -W "foreground leader" -- "$word")); return ;;
        --forkptyrouter-on-disconnect|--forkpty-router-on-disconnect|--on-disconnect) COMPREPLY=($(compgen -W "hup keep kill" -- "$word")); return ;;
        --cwd|--chroot|--chdir|--chdir2) COMPREPLY=($(compgen -d -- "$word")); return ;;
        --signal) COMPREPLY=($(compgen -W "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS" -- "$word")); return ;;
        --namespaces) COMPREPLY=($(compgen -W "user mnt pid uts ipc net cgroup time" -- "$word")); return ;;
        --unshare) COMPREPLY=($(compgen -W "fs ipc pid uts net user cgroup" -- "$word")); return ;;
    esac
    if [[ $word == -* ]]; then
        case $verb in
            serve) options="--forkpty-router --forkptyrouter --forkpty-urouter --forkptyurouter --forkptyrouter-processes --forkptyrouter-workers --forkpty-router-processes --forkpty-router-workers --forkptyrouter-timeout --forkpty-router-timeout --forkptyrouter-stats --forkptyrouter-stats-server --forkptyrouter-ss --forkpty-router-stats --forkpty-router-stats-server --forkpty-router-ss --listen --insecure-tcp --abstract-socket --chmod-socket --chmod --chown-socket --vacuum --forkptyrouter-command --forkpty-router-command --forkptyrouter-cmd --forkpty-router-cmd --forkptyrouter-rows --forkpty-router-rows --forkptyrouter-cols --forkpty-router-cols --env --unenv --forkptyrouter-env-allow --forkpty-router-env-allow --forkptyrouter-inherit-env --forkpty-router-inherit-env --forkptyrouter-signal --forkpty-router-signal --forkptyrouter-wait-slaves --forkpty-router-wait-slaves --forkptyrouter-on-disconnect --forkpty-router-on-disconnect --forkptyrouter-history --forkpty-router-history --forkptyrouter-allow-command --forkpty-router-allow-command --attach-targets --pty-socket --pty-exec --pty-log --pty-input --unshare --exec-asap --exec-pre-jail --exec-post-jail --exec-in-jail --exec-as-root --exec-as-user --chroot --chdir --chdir2 --uid --gid --add-gid --no-initgroups --umask --pidfile --safe-pidfile --pidfile2 --safe-pidfile2 --daemonize --daemonize2 --logto --max-fd --procname --ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
            connect) options="--env --pty-connect --pty-uconnect --raw --escape --name --keep --on-disconnect --cwd --pty --no-pty --detached --take --reconnect --ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
            attach) options="--env --escape --name --keep --on-disconnect --cwd --pty --no-pty --take --create --read-only --reconnect --user --clear-env --login --privileged --namespaces --toolbox --follow --ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
            ps) options="--json --quiet --all --ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
            detach) options="--ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
            kill) options="--signal --ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
            events) options="--ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
            upgrade) options="--ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
            doctor) options="--json --toolbox --ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
            orphans) options="--json --hangup --ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
            try) options="--forkpty-router --forkptyrouter --forkpty-urouter --forkptyurouter --forkptyrouter-processes --forkptyrouter-workers --forkpty-router-processes --forkpty-router-workers --forkptyrouter-timeout --forkpty-router-timeout --forkptyrouter-stats --forkptyrouter-stats-server --forkptyrouter-ss --forkpty-router-stats --forkpty-router-stats-server --forkpty-router-ss --listen --insecure-tcp --abstract-socket --chmod-socket --chmod --chown-socket --vacuum --forkptyrouter-command --forkpty-router-command --forkptyrouter-cmd --forkpty-router-cmd --forkptyrouter-rows --forkpty-router-rows --forkptyrouter-cols --forkpty-router-cols --env --unenv --forkptyrouter-env-allow --forkpty-router-env-allow --forkptyrouter-inherit-env --forkpty-router-inherit-env --forkptyrouter-signal --forkpty-router-signal --forkptyrouter-wait-slaves --forkpty-router-wait-slaves --forkptyrouter-on-disconnect --forkpty-router-on-disconnect --forkptyrouter-history --forkpty-router-history --forkptyrouter-allow-command --forkpty-router-allow-command --attach-targets --pty-socket --pty-exec --pty-log --pty-input --unshare --exec-asap --exec-pre-jail --exec-post-jail --exec-in-jail --exec-as-root --exec-as-user --chroot --chdir --chdir2 --uid --gid --add-gid --no-initgroups --umask --pidfile --safe-pidfile --pidfile2 --safe-pidfile2 --daemonize --daemonize2 --logto --max-fd --procname --ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
            help) options="--ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
            version) options="--ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
            docs) options="--ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
            *) options="--forkpty-router --forkptyrouter --forkpty-urouter --forkptyurouter --forkptyrouter-processes --forkptyrouter-workers --forkpty-router-processes --forkpty-router-workers --forkptyrouter-timeout --forkpty-router-timeout --forkptyrouter-stats --forkptyrouter-stats-server --forkptyrouter-ss --forkpty-router-stats --forkpty-router-stats-server --forkpty-router-ss --listen --insecure-tcp --abstract-socket --chmod-socket --chmod --chown-socket --vacuum --forkptyrouter-command --forkpty-router-command --forkptyrouter-cmd --forkpty-router-cmd --forkptyrouter-rows --forkpty-router-rows --forkptyrouter-cols --forkpty-router-cols --env --unenv --forkptyrouter-env-allow --forkpty-router-env-allow --forkptyrouter-inherit-env --forkpty-router-inherit-env --forkptyrouter-signal --forkpty-router-signal --forkptyrouter-wait-slaves --forkpty-router-wait-slaves --forkptyrouter-on-disconnect --forkpty-router-on-disconnect --forkptyrouter-history --forkpty-router-history --forkptyrouter-allow-command --forkpty-router-allow-command --attach-targets --pty-connect --pty-uconnect --escape --pty-socket --pty-exec --pty-log --pty-input --unshare --exec-asap --exec-pre-jail --exec-post-jail --exec-in-jail --exec-as-root --exec-as-user --chroot --chdir --chdir2 --uid --gid --add-gid --no-initgroups --umask --pidfile --safe-pidfile --pidfile2 --safe-pidfile2 --daemonize --daemonize2 --logto --max-fd --procname --ini --include --inherit --config --set --set-placeholder --set-ph --strict --show-config --help --usage --version" ;;
        esac
        COMPREPLY=($(compgen -W "$options" -- "$word"))
    elif ((${#words[@]} == 2)); then
        COMPREPLY=($(compgen -W "serve connect attach ps detach kill events upgrade doctor orphans try help version docs" -- "$word") $(compgen -f -- "$word"))
    elif [[ $verb == help ]]; then
        COMPREPLY=($(compgen -W "serve connect attach ps detach kill events upgrade doctor orphans try help version docs options router client shared jail process configuration files status forkpty-router forkptyrouter forkpty-urouter forkptyurouter forkptyrouter-processes forkptyrouter-workers forkpty-router-processes forkpty-router-workers forkptyrouter-timeout forkpty-router-timeout forkptyrouter-stats forkptyrouter-stats-server forkptyrouter-ss forkpty-router-stats forkpty-router-stats-server forkpty-router-ss listen insecure-tcp abstract-socket chmod-socket chmod chown-socket vacuum forkptyrouter-command forkpty-router-command forkptyrouter-cmd forkpty-router-cmd forkptyrouter-rows forkpty-router-rows forkptyrouter-cols forkpty-router-cols env unenv forkptyrouter-env-allow forkpty-router-env-allow forkptyrouter-inherit-env forkpty-router-inherit-env forkptyrouter-signal forkpty-router-signal forkptyrouter-wait-slaves forkpty-router-wait-slaves forkptyrouter-on-disconnect forkpty-router-on-disconnect forkptyrouter-history forkpty-router-history forkptyrouter-allow-command forkpty-router-allow-command attach-targets pty-connect pty-uconnect raw escape name keep on-disconnect cwd pty no-pty detached take create read-only reconnect json quiet signal user clear-env login privileged namespaces toolbox follow all hangup pty-socket pty-exec pty-log pty-input unshare exec-asap exec-pre-jail exec-post-jail exec-in-jail exec-as-root exec-as-user chroot chdir chdir2 uid gid add-gid no-initgroups umask pidfile safe-pidfile pidfile2 safe-pidfile2 daemonize daemonize2 logto max-fd procname ini include inherit config set set-placeholder set-ph strict show-config help usage version" -- "$word"))
    elif [[ $verb == docs ]]; then
        COMPREPLY=($(compgen -W "man configuration completion-bash completion-zsh completion-fish" -- "$word"))
    elif [[ $word != */* && $verb == attach ]]; then
        _fpty_names .
    elif [[ $word != */* && $verb =~ ^(kill|detach)$ ]]; then
        _fpty_names '^[^:]*$'
    elif [[ $word != */* && $verb =~ ^(doctor|orphans)$ ]]; then
        _fpty_names :
    else
        COMPREPLY=($(compgen -f -- "$word"))
    fi
    # Readline replaces what comes after a colon only.
    [[ $word == *:* && $COMP_WORDBREAKS == *:* ]] && COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*:}"}"}")
}
complete -o filenames -F _fpty fpty
