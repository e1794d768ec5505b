{{- /* Everything that templates share. Arguments: most take (dict "root" $ "name" "mediator"). */}}

{{- define "causely.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* Name of an object: "causely-mediator". */}}
{{- define "causely.object" -}}
{{ include "causely.fullname" .root }}-{{ .name }}
{{- end -}}

{{- /* Name of an object without a namespace: releases in two namespaces do not meet. */}}
{{- define "causely.clusterObject" -}}
{{ .root.Release.Namespace }}-{{ include "causely.object" . }}
{{- end -}}

{{- define "causely.host" -}}
{{ include "causely.object" . }}.{{ .root.Release.Namespace }}.svc.{{ .root.Values.global.clusterDomain }}
{{- end -}}

{{- define "causely.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride | trunc 63 }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{- define "causely.labels" -}}
{{ include "causely.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* Metadata of an object in the release's namespace. "object" names it where that is not the component's name. */}}
{{- define "causely.metadata" -}}
name: {{ include "causely.object" (dict "root" .root "name" (default .name .object)) }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "causely.labels" . | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (default dict .annotations) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "causely.clusterMetadata" -}}
name: {{ include "causely.clusterObject" . }}
labels:
  {{- include "causely.labels" . | nindent 2 }}
{{- with .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "causely.podMetadata" -}}
{{- $values := index .root.Values .name -}}
labels:
  {{- include "causely.selector" . | nindent 2 }}
  {{- with merge (dict) $values.podLabels .root.Values.commonLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (default dict .annotations) $values.podAnnotations .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* Reference of an image; "image" has registry, repository, tag and digest. */}}
{{- define "causely.image" -}}
{{- $registry := default .image.registry .root.Values.global.imageRegistry -}}
{{- $version := printf ":%s" (default .root.Chart.AppVersion .image.tag) -}}
{{- if .image.digest -}}{{- $version = printf "@%s" .image.digest -}}{{- end -}}
{{ $registry }}/{{ .image.repository }}{{ $version }}
{{- end -}}

{{- define "causely.serviceAccountName" -}}
{{- $account := (index .root.Values .name).serviceAccount -}}
{{- if $account.create -}}
{{- default (include "causely.object" .) $account.name -}}
{{- else -}}
{{- default "default" $account.name -}}
{{- end -}}
{{- end -}}

{{- /* Where pods of a component go, and who they are. "token": whether they get their account's token. */}}
{{- define "causely.placement" -}}
{{- $values := index .root.Values .name -}}
serviceAccountName: {{ include "causely.serviceAccountName" . | quote }}
automountServiceAccountToken: {{ .token }}
enableServiceLinks: false
terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
{{- with .root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ quote . }}
  {{- end }}
{{- end }}
{{- $own := ternary "agent" "service" (eq .name "agent") }}
{{- with default (ternary (include "causely.clusterObject" (dict "root" .root "name" $own)) "" .root.Values.priorityClasses.create) $values.priorityClassName }}
priorityClassName: {{ quote . }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if ne .name "agent" }}
topologySpreadConstraints:
  {{- if $values.topologySpreadConstraints }}
  {{- toYaml $values.topologySpreadConstraints | nindent 2 }}
  {{- else }}
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        app.kubernetes.io/instance: {{ .root.Release.Name }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "causely.podSecurity" -}}
runAsNonRoot: true
{{- if not .Values.openshift.enabled }}
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "causely.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- /* Short commands before an agent starts need nothing of what the agent may do. */}}
{{- define "causely.initSecurity" -}}
{{- include "causely.containerSecurity" . }}
privileged: false
runAsNonRoot: true
{{- if not .Values.openshift.enabled }}
runAsUser: 10001
runAsGroup: 10001
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "causely.probes" -}}
startupProbe:
  httpGet: {path: /healthz, port: admin}
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /healthz, port: admin}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /readyz, port: admin}
  periodSeconds: 5
  timeoutSeconds: 5
{{- end -}}

{{- /* Variables that configuration files refer to with ${env:NAME}. */}}
{{- define "causely.env" -}}
{{- $values := index .root.Values .name -}}
- name: NODE_NAME
  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
{{- if eq .name "agent" }}
- name: NODE_IP
  valueFrom: {fieldRef: {fieldPath: status.hostIP}}
{{- end }}
- name: POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: POD_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
{{- if eq .name "mediator" }}
- name: CAUSELY_EGRESS_KEY
  valueFrom:
    secretKeyRef:
      name: {{ default (include "causely.object" (dict "root" .root "name" "egress-key")) .root.Values.mediator.egressKey.existingSecret | quote }}
      key: key
{{- end }}
{{- if and (eq .name "analyzer") .root.Values.analyzer.database.existingSecret }}
- name: CAUSELY_DATABASE_URL
  valueFrom: {secretKeyRef: {name: {{ quote .root.Values.analyzer.database.existingSecret }}, key: url}}
{{- end }}
{{- if and (has .name (list "agent" "mediator")) .root.Values.victoriametrics.existingSecret }}
- name: CAUSELY_TIMESERIES_URL
  valueFrom: {secretKeyRef: {name: {{ quote .root.Values.victoriametrics.existingSecret }}, key: url}}
{{- end }}
{{- with $values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "causely.envFrom" -}}
{{- $root := .root -}}
{{- $secrets := list -}}
{{- range $plugin := index (include "causely.ownPlugins" . | fromJson) .name -}}
{{- with (index $root.Values.plugins $plugin) -}}
{{- if and .enabled .secretRef -}}{{- $secrets = append $secrets .secretRef -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- range include "causely.extraPlugins" . | fromJsonArray -}}
{{- with .secretRef -}}{{- $secrets = append $secrets . -}}{{- end -}}
{{- end -}}
{{- $sources := list -}}
{{- range uniq $secrets -}}{{- $sources = append $sources (dict "secretRef" (dict "name" .)) -}}{{- end -}}
{{- $sources = concat $sources (index .root.Values .name).extraEnvFrom -}}
{{- with $sources -}}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{- /* Which of our plugins a component's image has. */}}
{{- define "causely.ownPlugins" -}}
{"agent": ["ebpf", "host"], "mediator": ["kubernetes", "otlp", "prometheus", "aws", "gcp", "azure"], "executor": [], "analyzer": []}
{{- end -}}

{{- /* Plugins of others that a component loads, as a JSON array. */}}
{{- define "causely.extraPlugins" -}}
{{- $name := .name -}}
{{- $found := list -}}
{{- range .root.Values.plugins.extra -}}
{{- if has $name (default (list "mediator") .components) -}}{{- $found = append $found . -}}{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- /* Base URL of VictoriaMetrics; empty where there is none. */}}
{{- define "causely.timeseries" -}}
{{- with .Values.victoriametrics -}}
{{- if .existingSecret -}}${env:CAUSELY_TIMESERIES_URL}
{{- else if .externalUrl -}}{{ .externalUrl }}
{{- else if .enabled -}}http://{{ include "causely.host" (dict "root" $ "name" "victoriametrics") }}:8428
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Whether VictoriaMetrics runs in this release: "true" or nothing. */}}
{{- define "causely.ownVictoriametrics" -}}
{{- with .Values.victoriametrics -}}
{{- if and .enabled (not .externalUrl) (not .existingSecret) -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{- define "causely.tlsFiles" -}}
{"ca": "/etc/causely-tls/ca.crt", "cert": "/etc/causely-tls/tls.crt", "key": "/etc/causely-tls/tls.key"}
{{- end -}}

{{- define "causely.tlsSecret" -}}
{{- if eq .root.Values.tls.provider "existing" -}}
{{- required (printf "tls.existing.%s: expected the name of a Secret with ca.crt, tls.crt and tls.key, for tls.provider is existing" .name) (index .root.Values.tls.existing .name) -}}
{{- else -}}
{{- include "causely.object" (dict "root" .root "name" (printf "%s-tls" .name)) -}}
{{- end -}}
{{- end -}}

{{- /* The section of plugins of a component's configuration file. */}}
{{- define "causely.pluginSections" -}}
{{- $root := .root -}}
{{- $sections := dict -}}
{{- range $plugin := index (include "causely.ownPlugins" . | fromJson) .name -}}
{{- $values := index $root.Values.plugins $plugin -}}
{{- if $values.enabled -}}
{{- $_ := set $sections $plugin (merge (deepCopy $values.config) (include (printf "causely.plugin.%s" $plugin) (dict "root" $root "name" $.name) | fromYaml)) -}}
{{- else -}}
{{- $_ := set $sections $plugin (dict "enabled" false) -}}
{{- end -}}
{{- end -}}
{{- toYaml $sections -}}
{{- end -}}

{{- define "causely.plugin.otlp" -}}
grpc_endpoint: {{ printf "%s:4317" .root.Values.global.listenAddress | quote }}
http_endpoint: {{ printf "%s:4318" .root.Values.global.listenAddress | quote }}
{{- end -}}

{{- define "causely.plugin.kubernetes" -}}
{{- with .root.Values.mediator.rbac.configMapNamespaces }}
config_maps: {{ toJson . }}
{{- end }}
{{- end -}}

{{- define "causely.plugin.prometheus" -}}
{{- end -}}

{{- define "causely.plugin.aws" -}}
{{- end -}}

{{- define "causely.plugin.gcp" -}}
{{- end -}}

{{- define "causely.plugin.azure" -}}
{{- end -}}

{{- define "causely.plugin.ebpf" -}}
{{- end -}}

{{- define "causely.plugin.host" -}}
{{- with .root.Values.agent.kubelet }}
{{- if .url }}
kubelet_url: {{ .url | quote }}
{{- if not .verify }}
kubelet_authority: ""
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "causely.section.agent" -}}
cluster: {{ quote .Values.global.clusterName }}
host_root: /host
node: ${env:NODE_NAME}
mediator: {{ include "causely.host" (dict "root" . "name" "mediator") }}:50051
mediator_tls: {{ include "causely.tlsFiles" . }}
timeseries: {{ include "causely.timeseries" . | quote }}
{{- end -}}

{{- define "causely.section.mediator" -}}
cluster: {{ quote .Values.global.clusterName }}
name: {{ printf "mediator-%s" .Values.global.clusterName | quote }}
agents_listen: {{ printf "%s:50051" .Values.global.listenAddress | quote }}
agents_tls: {{ include "causely.tlsFiles" . }}
timeseries: {{ include "causely.timeseries" . | quote }}
egress: {key: "${env:CAUSELY_EGRESS_KEY}"}
{{- if .Values.analyzer.enabled }}
analyzer: {{ include "causely.host" (dict "root" . "name" "analyzer") }}:50055
analyzer_tls: {{ include "causely.tlsFiles" . }}
{{- else }}
analyzer: {{ required "analyzer.remote.endpoint: expected host:port of an analyzer, for analyzer.enabled is false" .Values.analyzer.remote.endpoint }}
analyzer_tls: {ca: {{ ternary "/etc/causely-analyzer-ca/ca.crt" "" (not (empty .Values.analyzer.remote.caSecret)) | quote }}}
{{- end }}
{{- if include "causely.analyzerToken" . }}
analyzer_token: /etc/causely-analyzer-token/token
{{- end }}
{{- end -}}

{{- define "causely.section.executor" -}}
name: executor
mediator: {{ include "causely.host" (dict "root" . "name" "mediator") }}:50051
mediator_tls: {{ include "causely.tlsFiles" . }}
{{- end -}}

{{- define "causely.section.analyzer" -}}
listen: {{ printf "%s:50055" .Values.global.listenAddress | quote }}
api_listen: {{ printf "%s:8080" .Values.global.listenAddress | quote }}
tls: {{ include "causely.tlsFiles" . }}
{{- if .Values.analyzer.database.existingSecret }}
database_url: ${env:CAUSELY_DATABASE_URL}
{{- end }}
{{- if .Values.analyzer.mediatorTokens.existingSecret }}
token: /etc/causely-analyzer-token/token
{{- end }}
{{- end -}}

{{- /* Name of the Secret with the token that the analyzer wants to see; empty where there is none. */}}
{{- define "causely.analyzerToken" -}}
{{- with .Values.analyzer -}}
{{- if .enabled -}}{{ .mediatorTokens.existingSecret }}
{{- else if .remote.existingSecret -}}{{ .remote.existingSecret }}
{{- else if .remote.token -}}{{ include "causely.object" (dict "root" $ "name" "analyzer-token") }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* The mount of that Secret, in those that show or see the token. */}}
{{- define "causely.analyzerTokenMount" -}}
{{- if include "causely.analyzerToken" . -}}
- {name: analyzer-token, mountPath: /etc/causely-analyzer-token, readOnly: true}
{{- end }}
{{- end -}}

{{- define "causely.analyzerTokenVolume" -}}
{{- with include "causely.analyzerToken" . -}}
- name: analyzer-token
  secret: {secretName: {{ quote . }}, defaultMode: 0440}
{{- end }}
{{- end -}}

{{- /* The configuration file of a component; what values say wins over what the chart says. */}}
{{- define "causely.config" -}}
{{- $section := include (printf "causely.section.%s" .name) .root | fromYaml -}}
{{- $plugins := include "causely.pluginSections" . | fromYaml -}}
{{- $file := dict
  "data_dir" "/var/lib/causely"
  "admin_listen" (printf "%s:8082" .root.Values.global.listenAddress)
  "log" .root.Values.log
  "telemetry" .root.Values.telemetry
  .name (mergeOverwrite $section (deepCopy (index .root.Values .name).config))
  "plugins" $plugins -}}
{{- with include "causely.extraPlugins" . | fromJsonArray -}}
{{- $_ := set $file "plugins_dir" "/var/lib/causely-plugins" -}}
{{- $_ := set $file "extra_plugins" (include "causely.extraSection" (dict "source" $.root.Values.plugins.source "extras" .) | fromJsonArray) -}}
{{- end -}}
{{- toYaml $file -}}
{{- end -}}

{{- /* The section of plugins of others, as a JSON array. Takes source and extras. */}}
{{- define "causely.extraSection" -}}
{{- $from := dict -}}
{{- with .source -}}
{{- if .indexUrl -}}{{- $_ := set $from "index_url" .indexUrl -}}{{- end -}}
{{- if or .configMap .persistentVolumeClaim .image -}}{{- $_ := set $from "find_links" "/var/lib/causely-wheels" -}}{{- end -}}
{{- end -}}
{{- $list := list -}}
{{- range .extras -}}{{- $list = append $list (merge (omit . "secretRef") $from) -}}{{- end -}}
{{- toJson $list -}}
{{- end -}}

{{- /* Init containers that install plugins of others and check their configuration; nothing where there are none. */}}
{{- define "causely.pluginContainers" -}}
{{- $source := .root.Values.plugins.source -}}
{{- $image := include "causely.image" (dict "root" .root "image" (index .root.Values .name).image) -}}
{{- if $source.image }}
- name: wheels
  image: {{ quote $source.image }}
  command: [cp, -R, /wheels/., /var/lib/causely-wheels/]
  securityContext:
    {{- include "causely.initSecurity" .root | nindent 4 }}
  resources:
    {{- include "causely.initResources" . | nindent 4 }}
  volumeMounts:
    - {name: wheels, mountPath: /var/lib/causely-wheels}
{{- end }}
- name: install-plugins
  image: {{ $image }}
  args:
    - plugins
    - install
    - --component={{ .name }}
    - --config=/etc/causely/{{ .name }}.yaml
  env:
    {{- include "causely.env" . | nindent 4 }}
  {{- with include "causely.envFrom" . }}
  {{- . | nindent 2 }}
  {{- end }}
  securityContext:
    {{- include "causely.initSecurity" .root | nindent 4 }}
  resources:
    {{- include "causely.initResources" . | nindent 4 }}
  volumeMounts:
    - {name: config, mountPath: /etc/causely, readOnly: true}
    - {name: plugins, mountPath: /var/lib/causely-plugins}
    - {name: tmp, mountPath: /tmp}
    {{- if or $source.configMap $source.persistentVolumeClaim $source.image }}
    - {name: wheels, mountPath: /var/lib/causely-wheels, readOnly: true}
    {{- end }}
- name: check-config
  image: {{ $image }}
  args: [config, check, --component={{ .name }}, --config=/etc/causely/{{ .name }}.yaml]
  env:
    {{- include "causely.env" . | nindent 4 }}
  {{- with include "causely.envFrom" . }}
  {{- . | nindent 2 }}
  {{- end }}
  securityContext:
    {{- include "causely.initSecurity" .root | nindent 4 }}
  resources:
    {{- include "causely.initResources" . | nindent 4 }}
  volumeMounts:
    - {name: config, mountPath: /etc/causely, readOnly: true}
    - {name: plugins, mountPath: /var/lib/causely-plugins, readOnly: true}
    - {name: tmp, mountPath: /tmp}
{{- end -}}

{{- define "causely.initResources" -}}
requests: {cpu: 20m, memory: 96Mi}
limits: {cpu: "1", memory: 256Mi}
{{- end -}}

{{- /* Volumes of every component of ours but for its data. */}}
{{- define "causely.volumes" -}}
- name: config
  configMap: {name: {{ include "causely.object" . }}}
- name: tls
  secret: {secretName: {{ include "causely.tlsSecret" . | quote }}, defaultMode: 0440}
- name: tmp
  emptyDir: {sizeLimit: 256Mi}
{{- if include "causely.extraPlugins" . | fromJsonArray }}
- name: plugins
  emptyDir: {sizeLimit: 512Mi}
{{- with .root.Values.plugins.source }}
{{- if .configMap }}
- name: wheels
  configMap: {name: {{ quote .configMap }}}
{{- else if .persistentVolumeClaim }}
- name: wheels
  persistentVolumeClaim: {claimName: {{ quote .persistentVolumeClaim }}, readOnly: true}
{{- else if .image }}
- name: wheels
  emptyDir: {sizeLimit: 512Mi}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "causely.mounts" -}}
- {name: config, mountPath: /etc/causely, readOnly: true}
- {name: tls, mountPath: /etc/causely-tls, readOnly: true}
- {name: data, mountPath: /var/lib/causely}
- {name: tmp, mountPath: /tmp}
{{- if include "causely.extraPlugins" . | fromJsonArray }}
- {name: plugins, mountPath: /var/lib/causely-plugins, readOnly: true}
{{- end }}
{{- end -}}

{{- /* The volume of a component that may keep its data on a claim. */}}
{{- define "causely.data" -}}
{{- with (index .root.Values .name).persistence -}}
- name: data
  {{- if .enabled }}
  persistentVolumeClaim: {claimName: {{ default (include "causely.object" $) .existingClaim | quote }}}
  {{- else }}
  emptyDir: {sizeLimit: {{ .size }}}
  {{- end }}
{{- end -}}
{{- end -}}

{{- /* Components that have certificates, as a JSON array. */}}
{{- define "causely.certified" -}}
{{- $found := list "mediator" -}}
{{- range list "agent" "executor" "analyzer" -}}
{{- if (index $.Values .).enabled -}}{{- $found = append $found . -}}{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- /* Names for which a component's certificate is good, as a JSON array. */}}
{{- define "causely.certifiedNames" -}}
{{- $short := include "causely.object" . -}}
{{- $space := .root.Release.Namespace -}}
{{- list $short (printf "%s.%s" $short $space) (printf "%s.%s.svc" $short $space) (include "causely.host" .) "localhost" | toJson -}}
{{- end -}}

{{- define "causely.issuer" -}}
{{- if .Values.tls.certManager.issuerRef -}}
{{ toYaml .Values.tls.certManager.issuerRef }}
{{- else -}}
name: {{ include "causely.object" (dict "root" . "name" "ca") }}
kind: Issuer
group: cert-manager.io
{{- end -}}
{{- end -}}

{{- /* Probes of VictoriaMetrics' programs, which answer on one port. */}}
{{- define "causely.httpProbes" -}}
startupProbe:
  httpGet: {path: /health, port: http}
  periodSeconds: 2
  failureThreshold: 150
livenessProbe:
  httpGet: {path: /health, port: http}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /health, port: http}
  periodSeconds: 5
  timeoutSeconds: 5
{{- end -}}

{{- define "causely.storageClaim" -}}
{{- with .Values.victoriametrics.persistence -}}
{{- if .enabled -}}
volumeClaimTemplates:
  - apiVersion: v1
    kind: PersistentVolumeClaim
    metadata:
      name: storage
    spec:
      accessModes: [ReadWriteOnce]
      {{- with .storageClass }}
      storageClassName: {{ quote . }}
      {{- end }}
      resources:
        requests:
          storage: {{ .size }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Programs of a cluster of VictoriaMetrics: which ports each listens on, as JSON; the first answers probes. */}}
{{- define "causely.vmPorts" -}}
{"vmauth": {"http": 8428},
 "vminsert": {"http": 8480},
 "vmselect": {"http": 8481},
 "vmstorage": {"http": 8482, "vminsert": 8400, "vmselect": 8401}}
{{- end -}}

{{- /* Flags that name all vmstorage pods. "port" is the one to use. */}}
{{- define "causely.vmNodes" -}}
{{- $name := include "causely.object" (dict "root" .root "name" "vmstorage") -}}
{{- $host := include "causely.host" (dict "root" .root "name" "vmstorage") -}}
{{- range $at := until (int .root.Values.victoriametrics.cluster.vmstorage.replicas) }}
- -storageNode={{ $name }}-{{ $at }}.{{ $host }}:{{ $.port }}
{{- end }}
{{- end -}}

{{- /* The pod template of a program of a cluster of VictoriaMetrics. Takes root, part (its name), args, tag, mounts and
volumes. */}}
{{- define "causely.vmPod" -}}
{{- $values := .root.Values.victoriametrics -}}
{{- $part := index $values.cluster .part -}}
{{- $me := dict "root" .root "name" "victoriametrics" -}}
metadata:
  {{- $pod := include "causely.podMetadata" (merge (dict "annotations" (default dict .annotations)) $me) | fromYaml }}
  {{- $_ := set $pod.labels "causely.io/part" .part }}
  {{- toYaml $pod | nindent 2 }}
spec:
  {{- include "causely.placement" (merge (dict "token" false) $me) | nindent 2 }}
  securityContext:
    {{- include "causely.podSecurity" .root | nindent 4 }}
  containers:
    - name: {{ .part }}
      image: {{ include "causely.image" (dict "root" .root "image" (dict "registry" $values.image.registry "repository" $part.repository "tag" .tag "digest" $part.digest)) }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      args:
        {{- range .args }}
        - {{ quote . }}
        {{- end }}
        {{- if contains "[" .root.Values.global.listenAddress }}
        - -enableTCP6
        {{- end }}
      {{- with $values.extraEnv }}
      env:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        {{- range $port, $number := index (include "causely.vmPorts" . | fromJson) .part }}
        - {name: {{ $port }}, containerPort: {{ $number }}}
        {{- end }}
      {{- include "causely.httpProbes" .root | nindent 6 }}
      resources:
        {{- toYaml $part.resources | nindent 8 }}
      securityContext:
        {{- include "causely.containerSecurity" .root | nindent 8 }}
      {{- with .mounts }}
      volumeMounts:
        {{- toYaml . | nindent 8 }}
      {{- end }}
  {{- with .volumes }}
  volumes:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "causely.vmSelector" -}}
{{ include "causely.selector" (dict "root" .root "name" "victoriametrics") }}
causely.io/part: {{ .part }}
{{- end -}}

{{- /* "true" where the release runs a cluster of VictoriaMetrics, else nothing. */}}
{{- define "causely.vmCluster" -}}
{{- if .Values.victoriametrics.cluster.enabled -}}{{ include "causely.ownVictoriametrics" . }}{{- end -}}
{{- end -}}

{{- /* Writers go to vminsert, readers to vmselect; both under one address. */}}
{{- define "causely.vmauthConfig" -}}
unauthorized_user:
  url_map:
    - src_paths: ["/api/v1/import.*"]
      url_prefix: http://{{ include "causely.host" (dict "root" . "name" "vminsert") }}:8480/insert/0/prometheus
    - src_paths: ["/api/v1/.*"]
      url_prefix: http://{{ include "causely.host" (dict "root" . "name" "vmselect") }}:8481/select/0/prometheus
{{- end -}}

{{- define "causely.peer" -}}
podSelector:
  matchLabels:
    {{- include "causely.selector" . | nindent 4 }}
{{- end -}}

{{- /* An egress rule: names can be resolved. */}}
{{- define "causely.egressDns" -}}
{{- with .Values.networkPolicy.dns -}}
- to:
    {{- toYaml .to | nindent 4 }}
  ports:
    - {protocol: UDP, port: {{ .port }}}
    - {protocol: TCP, port: {{ .port }}}
{{- end -}}
{{- end -}}

{{- /* An egress rule for addresses. Takes cidrs and ports. */}}
{{- define "causely.egressTo" -}}
- to:
    {{- range .cidrs }}
    - ipBlock: {cidr: {{ . | quote }}}
    {{- end }}
  ports:
    {{- range uniq .ports }}
    - {protocol: TCP, port: {{ int . }}}
    {{- end }}
{{- end -}}

{{- /* An egress rule for a component of the release. Takes root, name and port. */}}
{{- define "causely.egressPeer" -}}
- to:
    - {{ include "causely.peer" . | nindent 6 | trim }}
  ports:
    - {protocol: TCP, port: {{ .port }}}
{{- end -}}

{{- /* An egress rule for the API server, at the addresses that the cluster tells the installer. */}}
{{- define "causely.egressApiServer" -}}
{{- $cidrs := .Values.networkPolicy.apiServerCidrs -}}
{{- $ports := .Values.networkPolicy.apiServerPorts -}}
{{- if not $cidrs -}}
{{- $service := lookup "v1" "Service" "default" "kubernetes" -}}
{{- range (dig "spec" "clusterIPs" list (default dict $service)) -}}
{{- $cidrs = append $cidrs (include "causely.cidr" .) -}}
{{- end -}}
{{- range (dig "items" list (lookup "discovery.k8s.io/v1" "EndpointSlice" "default" "")) -}}
{{- if eq (dig "metadata" "labels" "kubernetes.io/service-name" "" .) "kubernetes" -}}
{{- range .endpoints -}}{{- range .addresses -}}{{- $cidrs = append $cidrs (include "causely.cidr" .) -}}{{- end -}}{{- end -}}
{{- range .ports -}}{{- $ports = append $ports .port -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- include "causely.egressTo" (dict "cidrs" (default .Values.networkPolicy.nodeCidrs (uniq $cidrs)) "ports" $ports) -}}
{{- end -}}

{{- define "causely.cidr" -}}
{{ . }}/{{ ternary "128" "32" (contains ":" .) }}
{{- end -}}

{{- /* Egress rules for VictoriaMetrics, here or elsewhere. */}}
{{- define "causely.egressTimeseries" -}}
{{- if include "causely.ownVictoriametrics" . -}}
{{- include "causely.egressPeer" (dict "root" . "name" "victoriametrics" "port" 8428) -}}
{{- else if include "causely.timeseries" . -}}
{{- $parts := urlParse (default "https://unknown" .Values.victoriametrics.externalUrl) -}}
{{- $port := default (ternary "443" "80" (eq $parts.scheme "https")) (regexFind "[0-9]+$" (regexFind ":[0-9]+$" $parts.host)) -}}
{{- $ports := list $port -}}
{{- if .Values.victoriametrics.existingSecret -}}{{- $ports = list 443 8427 8428 -}}{{- end -}}
{{- include "causely.egressTo" (dict "cidrs" .Values.networkPolicy.externalVictoriametricsCidrs "ports" $ports) -}}
{{- end -}}
{{- end -}}

{{- /* Egress rules for the index that plugins of others come from. */}}
{{- define "causely.egressIndex" -}}
{{- $source := .root.Values.plugins.source -}}
{{- if and $source.indexUrl (include "causely.extraPlugins" . | fromJsonArray) -}}
{{- if not $source.indexCidrs -}}
{{- fail "plugins.source.indexCidrs: expected the addresses of plugins.source.indexUrl, for networkPolicy.enabled is true; 0.0.0.0/0 for any" -}}
{{- end -}}
{{- $parts := urlParse $source.indexUrl -}}
{{- $port := default (ternary "443" "80" (eq $parts.scheme "https")) (regexFind "[0-9]+$" (regexFind ":[0-9]+$" $parts.host)) -}}
{{- include "causely.egressTo" (dict "cidrs" $source.indexCidrs "ports" (list $port)) -}}
{{- end -}}
{{- end -}}

{{- /* Egress rules for the servers that plugins of the mediator ask: of those that have values for it, and are on. */}}
{{- define "causely.egressPlugins" -}}
{{- range $plugin := (include "causely.ownPlugins" . | fromJson).mediator -}}
{{- $values := index $.Values.plugins $plugin -}}
{{- if and $values.enabled (hasKey $values "egress") -}}
{{- if not (or $values.egress $.Values.networkPolicy.mediatorEgress) -}}
{{- fail (printf "plugins.%s.egress: expected egress rules for its servers, such as [{to: [{namespaceSelector: {}}]}], for networkPolicy.enabled is true" $plugin) -}}
{{- end -}}
{{- with $values.egress }}
{{ toYaml . }}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* An ingress rule for readers of metrics, where there are any. */}}
{{- define "causely.ingressMetrics" -}}
{{- if .root.Values.monitoring.podMonitor.enabled -}}
- from:
    {{- toYaml .root.Values.networkPolicy.metricsFrom | nindent 4 }}
  ports:
    - {protocol: TCP, port: 8082}
{{- end -}}
{{- end -}}

{{- /* What `helm test` asks: pages, and ports that take connections. */}}
{{- define "causely.testedUrls" -}}
{{- $mediator := include "causely.host" (dict "root" . "name" "mediator") }}
{{- if .Values.plugins.otlp.enabled }}
- tcp://{{ $mediator }}:4317
- tcp://{{ $mediator }}:4318
{{- end }}
{{- if .Values.analyzer.enabled }}
- http://{{ include "causely.host" (dict "root" . "name" "analyzer") }}:8080/api/v1/status
{{- end }}
{{- if include "causely.ownVictoriametrics" . }}
- http://{{ include "causely.host" (dict "root" . "name" "victoriametrics") }}:8428/health
{{- end }}
{{- end -}}
